"""Everything in one resumable command: python -m starter.train [--plan cpu|gpu] [--only STAGE …]

Renders what is missing, then runs every stage up to its step count. Stop it at any moment and start it again: finished
stages are skipped, the interrupted one goes on where it stopped. The companions (pose, upscaler) need only the
pictures, so on a machine with many cores they can run beside the rest: --only pose, --only upscaler.
"""

import argparse
import os

from starter import export
from starter.dataset import render_shards, work_folder
from starter.train import denoiser, latents, pose, reader, refine, stem, tokenizer, upscaler, vae

# The gpu plan is meant to end within half an hour on one large GPU; that is an estimate, not a measurement.
PLANS = {
    "cpu": {
        "pictures": 26000,
        "vae": 6500,
        "scale": 1,
        "refine": 6000,
        "decoder": 2000,
        "stem": 500,
        "reader": 1500,
        "denoiser": 8000,
        "batch": 24,
        "companions": 4000,
    },
    "gpu": {
        "pictures": 100000,
        "vae": 9000,
        "scale": 6,
        "refine": 20000,
        "decoder": 6000,
        "stem": 1500,
        "reader": 3000,
        "denoiser": 9000,
        "batch": 256,
        "companions": 6000,
    },
}


def train_vae(folder, plan):
    if not (folder / "vae" / "config.json").exists():
        vae.train(folder, plan["vae"], scale=plan["scale"])
        vae.finish(folder)


def train_refine(folder, plan):
    if not (folder / "latents-train.pt").exists():
        refine.train(folder, plan["refine"])
        refine.finish(folder)


def train_decoder(folder, plan):
    refine.train(folder, plan["decoder"], decoder=True)
    refine.finish(folder, decoder=True)


def train_tokenizer(folder, plan):
    if not (folder / "tokenizer" / "vocab.json").exists():
        tokenizer.build(folder / "tokenizer")


def encode_latents(folder, plan):
    if not (folder / "latents-train.pt").exists():
        latents.encode_all(folder)


def publish(folder, plan):
    print(f"exported {export.write(folder, folder / 'export') / 1e6:.1f} MB to {folder / 'export'}")


STAGES = {
    "dataset": lambda folder, plan: render_shards(folder, plan["pictures"], os.cpu_count()),
    "tokenizer": train_tokenizer,
    "vae": train_vae,
    "refine": train_refine,
    "stem": lambda folder, plan: stem.train(folder, plan["stem"]),
    "latents": encode_latents,
    "reader": lambda folder, plan: reader.train(folder, plan["reader"]),
    "denoiser": lambda folder, plan: denoiser.train(folder, plan["denoiser"], batch=plan["batch"]),
    "decoder": train_decoder,
    "pose": lambda folder, plan: pose.train(folder, plan["companions"]),
    "upscaler": lambda folder, plan: upscaler.train(folder, plan["companions"]),
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
