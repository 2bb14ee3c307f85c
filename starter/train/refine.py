"""Train the finished autoencoder further: python -m starter.train.refine

Whole pictures and squared errors now, where `vae` began with crops and absolute ones. A spring holds the latents near
where they were: a denoiser that was trained on the old ones goes on from there once the pictures are encoded again.
Some noise on the latents keeps the decoder forgiving towards what the denoiser will hand it.

--decoder trains the decoder alone, for squared errors: the latents stay as they are, so it may follow the denoiser.
"""

import argparse
import copy
import time

import numpy as np
import torch
import torch.nn.functional as F
from diffusers import AutoencoderKL

from starter.dataset import load, work_folder
from starter.train import run
from starter.train.muon import optimizers, set_rate
from starter.train.vae import head_weight, psnr

SPREAD = 0.04  # most noise on a picture's latents, of their deviation
PICTURES = 24000  # most that are held in memory
SPRING = 0.02  # weight of the squared way that latents went


def loss_of(vae, x, before, weight, dice, decoder=False):
    """(loss, squared error, squared way of the latents) of pictures x (n, 3, 256, 256) in -1..1; before: their latents
    at the start (n, 8, 32, 32), decoder: they stay."""
    z = before if decoder else vae.encode(x).latent_dist.mean.float()
    spread = torch.rand(len(z), 1, 1, 1, generator=dice.torch).to(z) * SPREAD
    y = vae.decode(z + dice.normal(z.shape) * spread).sample.float()
    squares, moved = (y - x).pow(2), (z - before).pow(2).mean()
    if decoder:
        return 4 * squares.mean(), squares.mean(), moved
    dx, dy = (lambda v: v[..., 1:] - v[..., :-1]), (lambda v: v[..., 1:, :] - v[..., :-1, :])
    edge = F.l1_loss(dx(y), dx(x)) + F.l1_loss(dy(y), dy(x))
    loss = 0.5 * ((y - x).abs() * weight).mean() + 4 * (squares * weight).mean() + 0.2 * edge + SPRING * moved
    return loss, squares.mean(), moved


def train(
    folder, steps, seed=0, batch=8, muon_lr=8e-4, adam_lr=2e-4, report=100, save_every=250, data=None, decoder=False
):
    """Train up to a step count, resuming from folder/refine.pt or refine-decoder.pt.

    Returns the mean squared errors of pictures in -1..1.

    data: (pictures uint8 (n, 256, 256, 3), joints (n, 18, 2)) in place of the folder's.
    """
    dev = run.prepare(seed)
    images, joints = data or load(folder, limit=PICTURES)[:2]
    vae = AutoencoderKL.from_pretrained(folder / "vae").to(dev, memory_format=torch.channels_last)
    before = copy.deepcopy(vae).requires_grad_(False)
    if decoder:
        vae.encoder.requires_grad_(False), vae.quant_conv.requires_grad_(False)
    opts = optimizers(vae.named_parameters(), muon_lr, adam_lr, 1e-4)
    step, state = 0, _state(folder, decoder)
    if state.exists():
        s = run.load_state(state)
        vae.load_state_dict(s["vae"])
        [o.load_state_dict(v) for o, v in zip(opts, s["opts"], strict=True)]
        step = s["step"]
    began, first, recent, log = time.time(), step, [], []
    with run.StopRequest() as stop:
        while step < steps and not stop.asked:
            set_rate(opts, run.rate(step, steps, 50, 0.5))
            ix = run.batch_of(seed, step, batch, len(images))
            x, weight = run.pictures(images[ix], dev), head_weight(joints[ix]).to(dev)
            with run.precision(dev):
                z = before.encode(x).latent_dist.mean.float()
                loss, squares, moved = loss_of(vae, x, z, weight, run.Dice(seed, step, dev), decoder)
            vae.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(vae.parameters(), 1.0)
            [o.step() for o in opts]
            step += 1
            recent.append(squares.detach())
            if step % report == 0 or step == steps:
                log.append(torch.stack(recent).mean().item())
                recent = []
                speed, quality = (step - first) / (time.time() - began), -10 * np.log10(log[-1] / 4)
                print(f"refine {step}/{steps} {quality:.2f} dB moved {moved:.3f} {speed:.2f} steps/s", flush=True)
            if step % save_every == 0 or step == steps or stop.asked:
                run.save_state(state, vae=vae.state_dict(), opts=[o.state_dict() for o in opts], step=step)
    return log


def _state(folder, decoder):
    return folder / ("refine-decoder.pt" if decoder else "refine.pt")


def write(folder, decoder=False):
    """Put the refined autoencoder into folder/vae; returns it."""
    vae = AutoencoderKL.from_pretrained(folder / "vae")
    vae.load_state_dict(run.load_state(_state(folder, decoder))["vae"])
    vae.eval().save_pretrained(folder / "vae")
    return vae


def finish(folder, decoder=False):
    vae = write(folder, decoder).to(run.device())
    print(f"finished: held-out psnr {psnr(vae, load(folder, 'held')[0], 256):.2f} dB", flush=True)


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--steps", type=int, default=6000)
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--decoder", action="store_true", help="the decoder alone")
    options.add_argument("--work")
    options = options.parse_args()
    train(work_folder(options.work), options.steps, options.seed, decoder=options.decoder)
    finish(work_folder(options.work), options.decoder)
