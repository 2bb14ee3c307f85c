"""Everything in one resumable command: python -m starter.train [--plan cpu|gpu] [--only STAGE …]

Renders what is missing, then runs every stage up to its step count. Stop it at any moment and start it again: finished
stages are skipped, the interrupted one goes on where it stopped. The companions (pose, upscaler) and the hints need no
autoencoder, so on a machine with many cores they can run beside the rest: --only pose, --only upscaler, --only hints.
"""

import argparse
import os

from starter import export
from starter.dataset import render_shards, work_folder
from starter.train import denoiser, latents, pose, reader, refine, stem, tokenizer, upscaler, vae

PLANS = {
    "cpu": {
        "pictures": 26000,
        "vae": (6500, 1),
        "refine": (6000, 8),
        "stem": 500,
        "reader": 1500,
        "denoiser": (8000, 24, False),
        "decoder": (2000, 8),
        "pose": (4000, 32),
        "upscaler": 4000,
    },
    "gpu": {
        "pictures": 60000,
        "vae": (9000, 6),
        "refine": (350, 48),
        "stem": 450,
        "reader": 1000,
        "denoiser": (4300, 512, True),
        "decoder": (600, 48),
        "pose": (5000, 128),
        "upscaler": 6000,
    },
}  # steps, batch size or its multiple, whether to compile


def train_vae(folder, plan):
    if not (folder / "vae" / "config.json").exists():
        steps, scale = plan["vae"]
        vae.train(folder, steps, scale=scale)
        vae.finish(folder)


def train_refine(folder, plan):
    if not latents.Cache(folder, "train").finished(latents.PICTURES):
        steps, batch = plan["refine"]
        refine.train(folder, steps, batch=batch)
        refine.finish(folder)


def train_decoder(folder, plan):
    steps, batch = plan["decoder"]
    refine.train(folder, steps, batch=batch, decoder=True)
    refine.finish(folder, decoder=True)


def train_tokenizer(folder, plan):
    if not (folder / "tokenizer" / "vocab.json").exists():
        tokenizer.build(folder / "tokenizer")


def encode_hints(folder, plan):
    if not latents.Cache(folder, "train").finished(latents.HINTS):
        latents.encode_hints(folder)


def encode_latents(folder, plan):
    if not latents.Cache(folder, "train").finished(latents.PICTURES):
        latents.encode_pictures(folder)


def train_denoiser(folder, plan):
    steps, batch, fused = plan["denoiser"]
    denoiser.train(folder, steps, batch=batch, save_every=1000 if fused else 250, report=100, fused=fused)


def train_pose(folder, plan):
    steps, batch = plan["pose"]
    pose.train(folder, steps, batch=batch)


def publish(folder, plan):
    print(f"exported {export.write(folder, folder / 'export') / 1e6:.1f} MB to {folder / 'export'}")


STAGES = {
    "dataset": lambda folder, plan: render_shards(folder, plan["pictures"], os.cpu_count()),
    "tokenizer": train_tokenizer,
    "vae": train_vae,
    "refine": train_refine,
    "stem": lambda folder, plan: stem.train(folder, plan["stem"]),
    "hints": encode_hints,
    "latents": encode_latents,
    "reader": lambda folder, plan: reader.train(folder, plan["reader"]),
    "denoiser": train_denoiser,
    "decoder": train_decoder,
    "pose": train_pose,
    "upscaler": lambda folder, plan: upscaler.train(folder, plan["upscaler"]),
    "export": publish,
}


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--plan", choices=PLANS, default="cpu")
    options.add_argument("--only", choices=STAGES, nargs="+", default=list(STAGES))
    options.add_argument("--work")
    options = options.parse_args()
    for name, stage in STAGES.items():
        if name in options.only:
            stage(work_folder(options.work), PLANS[options.plan])
