"""Train the autoencoder's decoder further: python -m starter.train.decoder

The latents stay as they are, so this may run beside the denoiser's training or after it. Some noise on the latents
keeps the decoder forgiving towards what the denoiser will hand it.
"""

import argparse
import time

import numpy as np
import torch
import torch.nn.functional as F
from diffusers import AutoencoderKL

from starter.dataset import load, work_folder
from starter.train import run
from starter.train.muon import optimizers, set_rate
from starter.train.vae import head_weight, psnr

SPREAD = 0.08  # most noise on a picture's latents, of their deviation


def decoder_parts(vae):
    """The two modules that turn latents into pictures, as one."""
    return torch.nn.ModuleList([vae.post_quant_conv, vae.decoder])


def loss_of(vae, z, x, weight, dice):
    """Squares, L1 (heads weigh more) and edges of the decoded latents z against pictures x, both of n rows."""
    noise = torch.randn(z.shape, generator=dice.torch) * torch.rand(len(z), 1, 1, 1, generator=dice.torch) * SPREAD
    y = vae.decode(z + noise.to(z)).sample.float()
    dx, dy = (lambda v: v[..., 1:] - v[..., :-1]), (lambda v: v[..., 1:, :] - v[..., :-1, :])
    edge = F.l1_loss(dx(y), dx(x)) + F.l1_loss(dy(y), dy(x))
    squares = (y - x).pow(2)
    return 0.5 * ((y - x).abs() * weight).mean() + 4 * squares.mean() + 0.2 * edge, squares.mean()


def train(folder, steps, seed=0, batch=4, muon_lr=1e-3, adam_lr=3e-4, report=100, save_every=250, data=None):
    """Train up to a step count, resuming from folder/decoder.pt; returns mean squared errors (pictures in -1..1)."""
    dev = run.prepare(seed)
    latents = run.load_state(folder / "latents-train.pt")["z"] if data is None else data[0]
    images, joints = load(folder, limit=len(latents))[:2] if data is None else data[1:]
    vae = AutoencoderKL.from_pretrained(folder / "vae").to(dev, memory_format=torch.channels_last)
    parts = decoder_parts(vae)
    opts = optimizers(parts.named_parameters(), muon_lr, adam_lr, 1e-4)
    step, state = 0, folder / "decoder.pt"
    if state.exists():
        s = run.load_state(state)
        parts.load_state_dict(s["parts"])
        [o.load_state_dict(v) for o, v in zip(opts, s["opts"], strict=True)]
        step = s["step"]
    began, first, recent, log = time.time(), step, [], []
    with run.StopRequest() as stop:
        while step < steps and not stop.asked:
            set_rate(opts, run.rate(step, steps, 50, 0.5))
            ix = run.batch_of(seed, step, batch, len(images))
            x, weight = run.pictures(images[ix], dev), head_weight(joints[ix]).to(dev)
            with run.precision(dev):
                loss, squares = loss_of(vae, latents[ix].float().to(dev), x, weight, run.Dice(seed, step))
            parts.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(parts.parameters(), 1.0)
            [o.step() for o in opts]
            step += 1
            recent.append(squares.item())
            if step % report == 0 or step == steps:
                log.append(float(np.mean(recent)))
                recent = []
                speed = (step - first) / (time.time() - began)
                print(f"decoder {step}/{steps} {-10 * np.log10(log[-1] / 4):.2f} dB {speed:.2f} steps/s", flush=True)
            if step % save_every == 0 or step == steps or stop.asked:
                run.save_state(state, parts=parts.state_dict(), opts=[o.state_dict() for o in opts], step=step)
    return log


def write(folder):
    """Put the trained decoder into folder/vae; returns that autoencoder."""
    vae = AutoencoderKL.from_pretrained(folder / "vae")
    decoder_parts(vae).load_state_dict(run.load_state(folder / "decoder.pt")["parts"])
    vae.eval().save_pretrained(folder / "vae")
    return vae


def finish(folder):
    vae = write(folder)
    print(f"finished: held-out psnr {psnr(vae, load(folder, 'held')[0], 256):.2f} dB", flush=True)


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--steps", type=int, default=6000)
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--work")
    options = options.parse_args()
    train(work_folder(options.work), options.steps, options.seed)
    finish(work_folder(options.work))
