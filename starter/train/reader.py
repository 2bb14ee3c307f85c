"""Teach a small network to read joints off latents: python -m starter.train.reader

It is frozen afterwards, and the denoiser's predicted clean latents must let it find the joints that were asked for: the
consistency of ControlNet++ (Li et al. 2024), in latent space, where it costs a twentieth of a step. It has no part in
the judging, which is the pose detector's, on decoded pixels.
"""

import argparse

import torch
import torch.nn.functional as F
from torch import nn

from starter.dataset import work_folder
from starter.train import run
from starter.train.latents import cached
from starter.train.networks import LATENT_CHANNELS, SIZE

JOINTS = 14  # nose, neck and limbs; eyes and ears are too small to matter here
FINE = 64  # cells a side of the maps
SPREAD = 5.0  # deviation of a target, pixels


class _Residual(nn.Module):
    def __init__(self, width, reach):
        super().__init__()
        self.body = nn.Sequential(
            nn.GroupNorm(8, width), nn.SiLU(), nn.Conv2d(width, width, 3, padding=reach, dilation=reach),
            nn.SiLU(), nn.Conv2d(width, width, 1),
        )  # fmt: skip

    def forward(self, x):
        return x + self.body(x)


class Reader(nn.Module):
    """Latents (n, 8, 32, 32) -> scores (n, 14, 64 x 64) of where each joint is; softmax over the last dimension."""

    def __init__(self, width=64):
        super().__init__()
        # Context from far away tells left from right.
        middle = [_Residual(width, reach) for reach in (1, 2, 4, 8, 4, 1)]
        self.body = nn.Sequential(
            nn.Conv2d(LATENT_CHANNELS, width, 3, padding=1), *middle, nn.SiLU(),
            nn.Conv2d(width, JOINTS * 4, 3, padding=1), nn.PixelShuffle(2),
        )  # fmt: skip

    def forward(self, latents):
        return self.body(latents).flatten(2)


def targets(joints):
    """(goal (n, 14, 4096) with rows of sum 1, seen (n, 14) bool) of joints (n, 18, 2) in pixels, nan where unseen."""
    k = torch.as_tensor(joints, dtype=torch.float32)[:, :JOINTS]
    seen = ((k >= 0) & (k < SIZE)).all(-1)
    cell = SIZE / FINE
    at = torch.arange(FINE, device=k.device) * cell + cell / 2
    x, y = (torch.exp(-((at - k[..., i, None].nan_to_num()) ** 2) / (2 * SPREAD**2)) for i in (0, 1))
    goal = (y[..., :, None] * x[..., None, :]).flatten(2)
    return goal / goal.sum(-1, keepdim=True).clamp_min(1e-6), seen


def unread(scores, goal, seen):
    """Kullback-Leibler divergence (n,), nats, of where joints are read from where they are; mean of the seen."""
    lost = (goal * (goal.clamp_min(1e-9).log() - F.log_softmax(scores.float(), -1))).sum(-1)
    return (lost * seen).sum(-1) / seen.sum(-1).clamp_min(1)


def _noisy(z, dice):
    """Latents as the denoiser will predict them: not quite clean."""
    spread = torch.rand(len(z), 1, 1, 1, generator=dice.torch) ** 2 * 0.8
    return z + dice.normal(z.shape) * spread.to(z)


def train(folder, steps, seed=0, batch=64, report=100, data=None):
    """Train up to a step count, resuming from folder/reader.pt; returns the reported divergences."""
    dev = run.prepare(seed)
    data = data or cached(folder)
    net = Reader().to(dev)
    opt = torch.optim.AdamW(net.parameters(), 2e-3, betas=(0.9, 0.99), weight_decay=0.02)
    step, state = 0, folder / "reader.pt"
    if state.exists():
        s = run.load_state(state)
        net.load_state_dict(s["net"]), opt.load_state_dict(s["opt"])
        step = s["step"]
    told = run.Report("reader", steps, report)
    while step < steps:
        opt.param_groups[0]["lr"] = 2e-3 * run.rate(step, steps, 60, 0.6)
        ix = torch.from_numpy(run.batch_of(seed, step, batch, len(data["z"])))
        goal, seen = targets(data["joints"][ix].to(dev))
        with run.precision(dev):
            scores = net(_noisy(data["z"][ix].to(dev).float(), run.Dice(seed, step, dev)))
        loss = unread(scores, goal, seen).mean()
        opt.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        opt.step()
        step += 1
        told(step, loss.item())
        if step % 200 == 0 or step == steps:
            run.save_state(state, net=net.state_dict(), opt=opt.state_dict(), step=step)
    return told.log


def finished(folder):
    """The trained reader, frozen, or None where none was trained."""
    path = folder / "reader.pt"
    if not path.exists():
        return None
    net = Reader()
    net.load_state_dict(run.load_state(path)["net"])
    return net.eval().requires_grad_(False)


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--steps", type=int, default=1500)
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--work")
    options = options.parse_args()
    train(work_folder(options.work), options.steps, options.seed)
