"""Train the autoencoder: python -m starter.train.vae

Crops first (more of them, half at heads), then whole pictures with the loss weighted towards heads. At the end the
latents' mean and deviation are folded into the 1x1 convolutions, so the exported scaling_factor is simply 1.
"""

import argparse
import math
import time

import numpy as np
import torch
import torch.nn.functional as F

from starter.dataset import load, work_folder
from starter.drawing.canvas import POINTS, SIZE
from starter.train import run
from starter.train.geometry import in_points
from starter.train.muon import optimizers, set_rate
from starter.train.networks import make_vae

CROP, CROPS, WHOLE = SIZE // 2, 8, 3  # crop side, crops per step, whole pictures per step


def crops(images, joints, dice, count=CROPS):
    """count random CROP x CROP cut-outs, most of them around a head."""
    g, out = dice.numpy, np.empty((count, CROP, CROP, 3), np.uint8)
    for k in range(count):
        i, edge = int(g.integers(len(images))), SIZE - CROP
        x, y = (
            np.nan_to_num(joints[i, 0], nan=SIZE * 0.4) - CROP / 2 + g.normal(0, SIZE * 0.11, 2)
            if g.random() < 0.6
            else g.integers(0, edge + 1, 2)
        )
        x, y = int(np.clip(x, 0, edge)), int(np.clip(y, 0, edge))
        out[k] = images[i, y : y + CROP, x : x + CROP]
    return out


def head_weight(joints):
    """Loss weights (n, 1, 256, 256) of mean 1, four times as heavy at the nose as far away."""
    at = torch.arange(SIZE) * (POINTS / SIZE)
    y, x = torch.meshgrid(at, at, indexing="ij")
    c = in_points(joints[:, 0]).nan_to_num(-99.0)
    w = torch.exp(-((x - c[:, 0, None, None]) ** 2 + (y - c[:, 1, None, None]) ** 2) / 450)[:, None] * 3 + 1
    return w / w.mean()


def losses(vae, x, weight, generator, edges, spread=0.1):
    """Reconstruction loss with a fixed latent noise (spread, of the latents' deviation) instead of a posterior."""
    z = vae.encode(x).latent_dist.mean
    noise = torch.randn(z.shape, generator=generator).to(z)
    y = vae.decode(z + spread * z.detach().std() * noise).sample.float()
    l1 = ((y - x).abs() * weight).mean()
    dx, dy = (lambda v: v[..., 1:] - v[..., :-1]), (lambda v: v[..., 1:, :] - v[..., :-1, :])
    edge = F.l1_loss(dx(y), dx(x)) + F.l1_loss(dy(y), dy(x))
    return l1 + edges * edge + 0.5 * ((y - x).pow(2) * weight).mean() + 1e-4 * z.pow(2).mean(), l1


@torch.no_grad()
def psnr(vae, images, count=64):
    """Mean PSNR in dB of count reconstructed pictures."""
    dev, out = next(vae.parameters()).device, []
    for i in range(0, min(count, len(images)), 8):
        x = run.pictures(images[i : i + 8], dev)
        y = vae.decode(vae.encode(x).latent_dist.mean).sample.clamp(-1, 1)
        out += ((x - y) / 2).pow(2).mean((1, 2, 3)).tolist()
    return float(np.mean([-10 * math.log10(v) for v in out]))


@torch.no_grad()
def fold(vae, images):
    """Fold the latents' per-channel mean and deviation into the 1x1 convolutions; the posterior becomes a point."""
    dev, c = next(vae.parameters()).device, vae.config.latent_channels
    z = torch.cat(
        [vae.encode(run.pictures(images[i : i + 16], dev)).latent_dist.mean for i in range(0, len(images), 16)]
    )
    mean, std = z.mean((0, 2, 3)), z.std((0, 2, 3))
    w, b = vae.quant_conv.weight, vae.quant_conv.bias
    w[:c] /= std[:, None, None, None]
    b[:c] = (b[:c] - mean) / std
    w[c:], b[c:] = 0, -6.0
    w, b = vae.post_quant_conv.weight, vae.post_quant_conv.bias
    b += w[:, :, 0, 0] @ mean
    w *= std[None, :, None, None]


def train(folder, steps, seed=0, muon_lr=1.5e-3, adam_lr=4e-4, save_every=250, report=100, data=None, scale=1):
    """Train up to a step count, resuming from folder/vae.pt; returns the reported L1 losses. scale: larger batches."""
    dev = run.prepare(seed)
    images, joints, _ = data or load(folder)
    held = images if data else load(folder, "held")[0]
    vae = make_vae().to(dev, memory_format=torch.channels_last)
    opts = optimizers(vae.named_parameters(), muon_lr, adam_lr, 1e-4)
    step, state = 0, folder / "vae.pt"
    if state.exists():
        s = run.load_state(state)
        vae.load_state_dict(s["vae"])
        [o.load_state_dict(v) for o, v in zip(opts, s["opts"], strict=True)]
        step = s["step"]
    began, first, recent, log = time.time(), step, [], []
    with run.StopRequest() as stop:
        while step < steps and not stop.asked:
            dice, done = run.Dice(seed, step), step / steps
            set_rate(opts, run.rate(step, steps, 50, 0.4))
            if done < 0.5:
                x, weight = run.pictures(crops(images, joints, dice, CROPS * scale), dev), 1.0
            else:
                ix = run.batch_of(seed, step, WHOLE * scale, len(images))
                x, weight = run.pictures(images[ix], dev), head_weight(joints[ix]).to(dev)
            with run.precision(dev):
                loss, l1 = losses(vae, x, weight, dice.torch, 0.5 if done > 0.3 else 0.0, 0.1 if done < 0.5 else 0.06)
            vae.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(vae.parameters(), 1.0)
            [o.step() for o in opts]
            step += 1
            recent.append(l1.item())
            if step % report == 0 or step == steps:
                log.append(float(np.mean(recent)))
                recent = []
                print(
                    f"vae {step}/{steps} l1 {log[-1]:.4f} {(step - first) / (time.time() - began):.2f} steps/s",
                    flush=True,
                )
            if step % save_every == 0 or step == steps or stop.asked:
                run.save_state(state, vae=vae.state_dict(), opts=[o.state_dict() for o in opts], step=step)
                if step % (save_every * 4) == 0:
                    print(f"vae {step} held-out psnr {psnr(vae, held):.2f} dB", flush=True)
    return log


def finish(folder):
    """Fold and write the finished autoencoder to folder/vae in diffusers layout."""
    vae = make_vae()
    vae.load_state_dict(run.load_state(folder / "vae.pt")["vae"])
    vae.eval()
    fold(vae, load(folder, limit=512)[0])
    vae.save_pretrained(folder / "vae")
    vae.to(run.device())
    print(f"finished: held-out psnr {psnr(vae, load(folder, 'held')[0], 256):.2f} dB", flush=True)


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--steps", type=int, default=12000)
    options.add_argument("--scale", type=int, default=1, help="larger batches, for a GPU")
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--work")
    options = options.parse_args()
    train(work_folder(options.work), options.steps, options.seed, scale=options.scale)
    finish(work_folder(options.work))
