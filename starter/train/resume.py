"""Train the released weights further: python -m starter.train.resume, then python -m starter.train

Fills an empty work folder from the release: autoencoder, tokenizer, hint stem, and a denoiser at step 0 whose weights
are the released ones. Pictures are rendered and encoded anew; optimisers find their momentum within some steps.
"""

import argparse
import shutil
from pathlib import Path

from diffusers import ControlNetModel, StableDiffusionPipeline

from starter.dataset import work_folder
from starter.train import denoiser, run
from starter.train.denoiser import FromFeatures, Trainer

RELEASE = Path(__file__).parents[1]


def stem_of(control):
    """The state of the hint stem inside a released ControlNet."""
    return control.controlnet_cond_embedding.state_dict()


def begin(folder, release=RELEASE, seed=0):
    """Write vae, tokenizer, stem.pt and denoiser.pt into folder; what is there already stays."""
    pipe = StableDiffusionPipeline.from_pretrained(release / "checkpoint", safety_checker=None)
    control = ControlNetModel.from_pretrained(release / "controlnet-openpose").float()
    for part in ("vae", "tokenizer"):
        if not (folder / part).exists():
            shutil.copytree(release / "checkpoint" / part, folder / part)
    if not (folder / "stem.pt").exists():
        run.save_state(folder / "stem.pt", stem=stem_of(control))
    if not (folder / "denoiser.pt").exists():
        trainer = Trainer(folder, len(pipe.tokenizer), seed, *denoiser.RATES)
        # A stem of the folder's own is the one whose features training will see.
        control.controlnet_cond_embedding.load_state_dict(run.load_state(folder / "stem.pt")["stem"])
        control.controlnet_cond_embedding = FromFeatures(control.controlnet_cond_embedding)
        for net in (trainer.net, trainer.ema):
            net.unet.load_state_dict(pipe.unet.float().state_dict())
            net.control.load_state_dict(control.state_dict())
            net.text.load_state_dict(pipe.text_encoder.float().state_dict())
        trainer.save()


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--work")
    begin(work_folder(options.parse_args().work))
