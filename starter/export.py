"""Write the trained weights as fp16 diffusers folders: python -m starter.export --out FOLDER

FOLDER/checkpoint and FOLDER/controlnet-openpose load with stock from_pretrained; FOLDER/facts.json tells the studio
what it needs to know about them. Companions (upscaler, pose) are copied along where they have been trained.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderKL, StableDiffusionPipeline
from transformers import CLIPTokenizer

from starter import words
from starter.dataset import load, work_folder
from starter.drawing.outfits import OUTFITS
from starter.drawing.palette import EYES, GARMENT, HAIR
from starter.drawing.poses import NAMES
from starter.train import pose, run, upscaler
from starter.train.denoiser import Denoiser
from starter.train.networks import LATENT_CHANNELS, RECOMMENDED, SCALE, SIZE, TEXT_WIDTH, make_scheduler

EXAMPLE = {
    "prompt": "a young anime girl with long brown hair tied in a high ponytail, wearing a light blue tracksuit, "
    "jogging on a park pathway",
    "negative_prompt": "",
    "pose": "skipping",
    "proportions": "child",
    "seed": 7,
}


def assemble(folder, averaged=True):
    """(pipeline, controlnet) in half precision from the training state."""
    state = run.load_state(folder / "denoiser.pt")["ema" if averaged else "net"]
    tokenizer = CLIPTokenizer.from_pretrained(folder / "tokenizer")
    net = Denoiser(len(tokenizer))
    net.load_state_dict(state)
    control = net.control
    control.controlnet_cond_embedding = control.controlnet_cond_embedding.stem
    vae = AutoencoderKL.from_pretrained(folder / "vae")
    pipe = StableDiffusionPipeline(
        vae, net.text, tokenizer, net.unet, make_scheduler(), None, None, requires_safety_checker=False
    )
    for part in (pipe.vae, pipe.text_encoder, pipe.unet, control):
        rounded(part.half())
    return pipe, control


@torch.no_grad()
def rounded(net, bits=6):
    """Half-precision weights rounded to so many bits after the leading one (bf16, in which training ran, has seven).

    Files whose last bits are zero compress well. Pictures change by 1.2 of 255 levels; joints and colours found do not.
    """
    for p in net.parameters():
        step = 1 << (10 - bits)
        raw = p.data.view(torch.int16).int() & 0xFFFF
        p.data.copy_((((raw + step // 2) // step * step).to(torch.int16)).view(torch.float16))
    return net


@torch.no_grad()
def preview_projection(vae, images):
    """Least-squares (matrix 8 x 3, bias 3) from latents to RGB in 0..1 at a latent's resolution."""
    vae = vae.float().to(run.device())
    z = torch.cat(
        [vae.encode(run.pictures(images[i : i + 16], vae.device)).latent_dist.mean for i in range(0, len(images), 16)]
    )
    small = torch.nn.functional.avg_pool2d(run.pictures(images, "cpu"), SCALE).mul(0.5).add(0.5)
    x = z.permute(0, 2, 3, 1).reshape(-1, LATENT_CHANNELS).cpu().numpy()
    y = small.permute(0, 2, 3, 1).reshape(-1, 3).numpy()
    x = np.hstack([x, np.ones((len(x), 1))])
    fit, *_ = np.linalg.lstsq(x, y, rcond=None)
    explained = 1 - ((x @ fit - y) ** 2).mean() / y.var()
    return fit[:-1].round(5).tolist(), fit[-1].round(5).tolist(), float(explained)


def vocabulary():
    """The words the captions use, by subject."""

    def flat(table):
        return sorted({w for group in table.values() for w in group if w})

    return {
        "person": flat(words.PERSON),
        "hair colour": sorted({*HAIR, *flat(words.HAIR_COLOUR)}),
        "hair": flat(words.HAIR_STYLE),
        "eyes": sorted(EYES),
        "expression": flat(words.EXPRESSION),
        "outfit": sorted({w for o in OUTFITS.values() for w in o.words}),
        "colour": sorted(GARMENT),
        "shoes": flat(words.SHOE_WORD),
        "pose": sorted({*NAMES, *flat(words.POSE)} - {"relaxed"}),
        "place": flat(words.PLACE),
        "time": flat(words.TIME),
        "framing": flat(words.FRAMING),
        "quality": sorted(words.QUALITY),
        "accessory": sorted(words.ACCESSORY_WORDS),
        "skin": sorted(w for w in words.SKIN_WORD.values() if w),
        "other": sorted(words.OTHER_WORDS),
    }


def facts(vae, images, size):
    """What the studio needs to know of the checkpoint, as plain data. size: bytes of its weights."""
    matrix, bias, explained = preview_projection(vae, images)
    return {
        "family": "starter",
        "native_size": SIZE,
        "latent_channels": LATENT_CHANNELS,
        "vae_scale_factor": SCALE,
        "scaling_factor": 1.0,
        "text_width": TEXT_WIDTH,
        "bytes_float16": size,
        "prediction_type": "v_prediction",
        "timestep_spacing": "trailing",
        "rescale_betas_zero_snr": True,
        "control_types": ["openpose"],
        "recommended": RECOMMENDED,
        "preview": {"matrix": matrix, "bias": bias, "explained_variance": round(explained, 4)},
        "example": EXAMPLE,
        "vocabulary": vocabulary(),
    }


def _forget_origin(out):
    """Take from the configs where on this machine the weights came from."""
    for path in out.rglob("config.json"):
        config = json.loads(path.read_text())
        if config.pop("_name_or_path", None) is not None:
            path.write_text(json.dumps(config, indent=2) + "\n")


def write(folder, out):
    """Export everything there is; returns the bytes written under checkpoint and controlnet-openpose."""
    pipe, control = assemble(folder)
    pipe.save_pretrained(out / "checkpoint")
    control.save_pretrained(out / "controlnet-openpose")
    _forget_origin(out)
    files = [p for name in ("checkpoint", "controlnet-openpose") for p in (out / name).rglob("*") if p.is_file()]
    size = sum(p.stat().st_size for p in files)
    vae = AutoencoderKL.from_pretrained(folder / "vae")
    (out / "facts.json").write_text(
        json.dumps(facts(vae, load(folder, limit=500)[0], size), indent=1, ensure_ascii=False) + "\n"
    )
    if (folder / "upscaler.pt").exists():
        upscaler.export(folder, out / "upscaler" / "starter-x4.safetensors")
    if (folder / "pose.pt").exists():
        pose.export(folder, out / "pose" / "starter-pose.onnx")
    return size


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--out", type=Path, help="default: FOLDER/export in the work folder, never the repository")
    options.add_argument("--work")
    options = options.parse_args()
    home = work_folder(options.work)
    print(f"{write(home, options.out or home / 'export') / 1e6:.1f} MB")
