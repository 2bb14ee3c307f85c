"""Train the x4 upscaler: python -m starter.train.upscaler

SRVGG-compact, the small Real-ESRGAN network that spandrel and every upscaling tool know, on our own drawings at 512
pixels degraded as small, blurred, noisy and JPEG-compressed pictures are.
"""

import argparse
import time

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import save_file
from torch import nn

from starter.dataset import work_folder
from starter.render import HELD_OUT, render
from starter.train import run

LARGE, SMALL, SCALE = 512, 48, 4  # side of a drawing, of a training crop before upscaling, and the factor
DRAWINGS = 1500


class Compact(nn.Module):
    """SRVGG-compact: convolutions at the small size, one pixel shuffle, and the nearest-upscaled picture added."""

    def __init__(self, width=32, depth=8):
        super().__init__()
        layers = [nn.Conv2d(3, width, 3, 1, 1), nn.PReLU(width)]
        for _ in range(depth):
            layers += [nn.Conv2d(width, width, 3, 1, 1), nn.PReLU(width)]
        self.body = nn.ModuleList([*layers, nn.Conv2d(width, 3 * SCALE**2, 3, 1, 1)])

    def forward(self, small):
        x = small
        for layer in self.body:
            x = layer(x)
        return F.pixel_shuffle(x, SCALE) + F.interpolate(small, scale_factor=SCALE, mode="nearest")


def degrade(large, g):
    """A small picture as the starter or a careless export would give it. large: (h, w, 3) uint8 -> (h/4, w/4, 3)."""
    h, w = large.shape[:2]
    x = cv2.GaussianBlur(large, (0, 0), g.uniform(0.3, 2.2)) if g.random() < 0.7 else large
    how = (cv2.INTER_AREA, cv2.INTER_LINEAR, cv2.INTER_CUBIC)[int(g.integers(3))]
    x = cv2.resize(x, (w // SCALE, h // SCALE), interpolation=how)
    if g.random() < 0.5:
        x = np.clip(x + g.normal(0, g.uniform(0, 6), x.shape), 0, 255).astype(np.uint8)
    if g.random() < 0.4:
        x = cv2.imdecode(
            cv2.imencode(".jpg", x, [cv2.IMWRITE_JPEG_QUALITY, int(g.integers(55, 95))])[1], cv2.IMREAD_COLOR
        )
    return x


def drawings(folder, count=DRAWINGS):
    """Large training drawings (count, 512, 512, 3), rendered once."""
    path = folder / "large.npy"
    if path.exists():
        return np.load(path, mmap_mode="r")
    part = path.with_name("large.part.npy")
    out = np.lib.format.open_memmap(part, "w+", np.uint8, (count, LARGE, LARGE, 3))
    for i in range(count):
        out[i] = render(500_000 + i, LARGE).image
    out.flush()
    part.replace(path)
    return np.load(path, mmap_mode="r")


def batch_pair(large, ix, g):
    """Small and large crops of some drawings as tensors in 0..1."""
    small, big = [], []
    for i in ix:
        side = SMALL * SCALE
        y, x = (int(v) for v in g.integers(0, LARGE - side + 1, 2))
        tile = np.ascontiguousarray(large[i][y : y + side, x : x + side])
        big.append(tile)
        small.append(degrade(tile, g))

    def to(a):
        return torch.from_numpy(np.stack(a)).permute(0, 3, 1, 2).float().div_(255)

    return to(small), to(big)


def train(folder, steps, seed=0, batch=8, report=50, data=None):
    """Train up to a step count, resuming from folder/upscaler.pt; returns the reported losses."""
    dev = run.prepare(seed)
    large = data if data is not None else drawings(folder)
    net = Compact().to(dev)
    opt = torch.optim.AdamW(net.parameters(), 1.5e-3, betas=(0.9, 0.99), weight_decay=0.0)
    step, state = 0, folder / "upscaler.pt"
    if state.exists():
        s = run.load_state(state)
        net.load_state_dict(s["net"])
        opt.load_state_dict(s["opt"])
        step = s["step"]
    recent, log, began = [], [], time.time()
    while step < steps:
        opt.param_groups[0]["lr"] = 1.5e-3 * run.rate(step, steps, 50, 0.6)
        g = run.Dice(seed, step).numpy
        small, big = (v.to(dev) for v in batch_pair(large, run.batch_of(seed, step, batch, len(large)), g))
        loss = F.l1_loss(net(small), big)
        opt.zero_grad()
        loss.backward()
        opt.step()
        step += 1
        recent.append(loss.item())
        if step % report == 0 or step == steps:
            log.append(float(np.mean(recent)))
            recent = []
            print(f"upscaler {step}/{steps} l1 {log[-1]:.4f} {time.time() - began:.0f} s", flush=True)
        if step % 200 == 0 or step == steps:
            run.save_state(state, net=net.state_dict(), opt=opt.state_dict(), step=step)
    return log


@torch.no_grad()
def gain(net, count=12):
    """Mean PSNR in dB of (network, Lanczos) on degraded held-out drawings."""
    net, scores = net.eval(), []
    for i in range(count):
        large = render(HELD_OUT + 2000 + i, LARGE).image
        small = degrade(large, np.random.default_rng(i))
        x = torch.from_numpy(small).permute(2, 0, 1)[None].float() / 255
        ours = net(x)[0].clamp(0, 1).permute(1, 2, 0).numpy() * 255
        lanczos = cv2.resize(small, (LARGE, LARGE), interpolation=cv2.INTER_LANCZOS4)
        scores.append([10 * np.log10(255**2 / np.mean((large - v.astype(float)) ** 2)) for v in (ours, lanczos)])
    return tuple(float(v) for v in np.mean(scores, 0))


def export(folder, path):
    """Write the trained network in half precision."""
    path.parent.mkdir(parents=True, exist_ok=True)
    weights = run.load_state(folder / "upscaler.pt")["net"]
    save_file({k: v.half().contiguous() for k, v in weights.items()}, path)


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--steps", type=int, default=4000)
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--work")
    options = options.parse_args()
    home = work_folder(options.work)
    train(home, options.steps, options.seed)
    export(home, home / "upscaler" / "starter-x4.safetensors")
    net = Compact()
    net.load_state_dict(run.load_state(home / "upscaler.pt")["net"])
    print("psnr: ours {:.2f} dB, Lanczos {:.2f} dB".format(*gain(net)))
