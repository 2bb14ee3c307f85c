"""The networks of the starter checkpoint and their scheduler."""

import torch
from diffusers import AutoencoderKL, ControlNetModel, DDIMScheduler, UNet2DConditionModel
from transformers import CLIPTextConfig, CLIPTextModel

from starter.drawing.canvas import SIZE

LATENT_CHANNELS, SCALE = 8, 8
TEXT_WIDTH = 128
HINT_CHANNELS = (8, 24, 48, 96)
# More guidance bends limbs away from their skeletons (measured: `python -m starter.evaluate`).
RECOMMENDED = {"sampler": "DDIM", "steps": 20, "guidance": 2.0, "good_guidance": (1.5, 4.0), "control_weight": 1.0}


def make_vae(widths=(16, 32, 64, 96)):
    """f8 autoencoder. One norm group: more groups would remove the flat colour that these pictures are made of."""
    n = len(widths)
    vae = AutoencoderKL(
        3,
        3,
        ("DownEncoderBlock2D",) * n,
        ("UpDecoderBlock2D",) * n,
        widths,
        1,
        "silu",
        LATENT_CHANNELS,
        norm_num_groups=1,
        sample_size=SIZE,
        mid_block_add_attention=False,
        scaling_factor=1.0,
    )
    for name, m in vae.named_modules():
        if isinstance(m, torch.nn.Conv2d):
            torch.nn.init.kaiming_normal_(m.weight, nonlinearity="linear")
            torch.nn.init.zeros_(m.bias)
            if name.endswith("conv2"):
                m.weight.data *= 0.1
    return vae


def make_denoiser(vocabulary, widths=(64, 128, 128), text=TEXT_WIDTH):
    """(unet, controlnet, text encoder), to be trained together from scratch. vocabulary: size of the tokenizer."""
    unet = UNet2DConditionModel(
        sample_size=SIZE // SCALE,
        in_channels=LATENT_CHANNELS,
        out_channels=LATENT_CHANNELS,
        block_out_channels=widths,
        layers_per_block=1,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
        cross_attention_dim=text,
        attention_head_dim=4,
        norm_num_groups=16,
    )
    control = ControlNetModel.from_unet(
        unet, conditioning_channels=3, conditioning_embedding_out_channels=HINT_CHANNELS
    )
    # Trained jointly, so there is nothing to protect by starting these at zero.
    for m in (
        control.controlnet_cond_embedding.conv_out,
        control.controlnet_mid_block,
        *control.controlnet_down_blocks,
    ):
        torch.nn.init.orthogonal_(m.weight, 0.5)
    encoder = CLIPTextModel(
        CLIPTextConfig(
            vocab_size=vocabulary,
            hidden_size=text,
            intermediate_size=text * 4,
            num_hidden_layers=2,
            num_attention_heads=4,
            max_position_embeddings=77,
            projection_dim=text,
            hidden_act="quick_gelu",
            bos_token_id=vocabulary - 2,
            eos_token_id=vocabulary - 1,
            pad_token_id=vocabulary - 1,
        )
    )
    with torch.no_grad():  # CLIP's own start of 0.02 is slow to tell words apart
        for name, p in encoder.named_parameters():
            if "token_embedding" in name:
                p.normal_(0, 0.3)
            elif "position_embedding" in name:
                p.normal_(0, 0.1)
    return unet, control, encoder


def make_scheduler():
    """v-prediction with zero terminal SNR and trailing steps."""
    return DDIMScheduler(
        num_train_timesteps=1000,
        beta_start=0.00085,
        beta_end=0.012,
        beta_schedule="scaled_linear",
        prediction_type="v_prediction",
        rescale_betas_zero_snr=True,
        timestep_spacing="trailing",
        clip_sample=False,
        set_alpha_to_one=True,
        steps_offset=1,
    )


def hint_features(embedding, maps):
    """Skeleton maps (n, 3, 256, 256) in 0..1 -> features (n, 96, 32, 32) before the embedding's last convolution."""
    silu = torch.nn.functional.silu
    x = silu(embedding.conv_in(maps))
    for block in embedding.blocks:
        x = silu(block(x))
    return x
