"""Train the pose detector: python -m starter.train.pose

An RTMPose-shaped network: an image crop of 192 x 256 in, SimCC rows and columns of 17 COCO joints out, so that rtmlib's
own RTMPose class runs the exported ONNX file unchanged.
"""

import argparse

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from starter.dataset import load, work_folder
from starter.train import run

WIDE, HIGH, SPLIT = 192, 256, 2  # input size; SimCC bins per pixel
COCO = (0, 15, 14, 17, 16, 5, 2, 6, 3, 7, 4, 11, 8, 12, 9, 13, 10)  # OpenPose-18 index of each COCO-17 joint
MEAN, STD = np.array([123.675, 116.28, 103.53]), np.array([58.395, 57.12, 57.375])
SPREAD = 4.0  # deviation of a target, bins


def _block(a, b, stride=1):
    return nn.Sequential(nn.Conv2d(a, b, 3, stride, 1, bias=False), nn.BatchNorm2d(b), nn.SiLU(inplace=True))


class _Residual(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.body = nn.Sequential(_block(width, width), _block(width, width))

    def forward(self, x):
        return x + self.body(x)


class PoseNet(nn.Module):
    """(n, 3, 256, 192) normalised -> SimCC x (n, 17, 384) and y (n, 17, 512)."""

    def __init__(self, widths=(16, 32, 64, 128), parts=4):
        super().__init__()
        layers, a = [], 3
        for b in widths:
            layers += [_block(a, b, 2)] + ([_Residual(b)] if b > widths[0] else [])
            a = b
        # Context from far away tells left from right, and an arm from a leg.
        layers += [_Residual(a), nn.Conv2d(a, a, 7, 1, 3, groups=a), nn.BatchNorm2d(a), nn.SiLU(), _Residual(a)]
        self.body = nn.Sequential(*layers, nn.Conv2d(a, 17 * parts, 3, 1, 1))
        cells = (HIGH // 16) * (WIDE // 16) * parts
        self.x, self.y = nn.Linear(cells, WIDE * SPLIT), nn.Linear(cells, HIGH * SPLIT)

    def forward(self, image):
        cells = self.body(image).flatten(2).reshape(image.shape[0], 17, -1)
        return self.x(cells), self.y(cells)


class Probabilities(nn.Module):
    """The exported network: SimCC scores between 0 and 1, as detectors of this family are expected to give."""

    def __init__(self, net):
        super().__init__()
        self.net = net

    def forward(self, image):
        x, y = self.net(image)
        peak = SPREAD * (2 * np.pi) ** 0.5
        return (x.softmax(-1) * peak).clamp(0, 1), (y.softmax(-1) * peak).clamp(0, 1)


def crop(image, joints, g):
    """One training crop by rtmlib's rule (box, 1.25 padding, 3:4), blurred and recoloured a little.

    Returns the normalised image (3, 256, 192) and COCO joints (17, 2) in crop pixels, nan where unseen.
    """
    seen = joints[~np.isnan(joints[:, 0])]
    box = np.array([0, 0, 128, 128.0])
    if g.random() < 0.5 and len(seen) > 3:
        pad = 0.16 * max(np.ptp(seen[:, 0]), np.ptp(seen[:, 1]))
        box = np.concatenate([seen.min(0) - pad, seen.max(0) + pad]) + g.normal(0, pad * 0.3, 4)
    wide, high = (box[2:] - box[:2]) * 1.25 * g.uniform(0.9, 1.1)
    wide, high = max(wide, high * WIDE / HIGH), max(high, wide * HIGH / WIDE)
    cx, cy = (box[:2] + box[2:]) / 2
    k = WIDE / wide
    move = np.array([[k, 0, WIDE / 2 - cx * k], [0, k, HIGH / 2 - cy * k]])
    if g.random() < 0.5:
        small = int(g.integers(56, 120))
        image = cv2.resize(cv2.resize(image, (small, small), interpolation=cv2.INTER_AREA), (128, 128))
    out = cv2.warpAffine(image, move, (WIDE, HIGH), flags=cv2.INTER_LINEAR).astype(np.float32)
    out = out * g.uniform(0.85, 1.15, 3) + g.normal(0, g.uniform(0, 8), out.shape)
    points = (joints[list(COCO)] * k + move[:, 2]).astype(np.float32)
    points[~((points >= 0) & (points < (WIDE, HIGH))).all(1)] = np.nan
    return ((out - MEAN) / STD).transpose(2, 0, 1).astype(np.float32), points


def row_loss(scores, goal):
    """Cross-entropy against a Gaussian around each seen joint. goal: bins (n, 17), nan where unseen."""
    bins = torch.arange(scores.shape[-1], device=scores.device)
    seen = ~goal.isnan()
    target = torch.exp(-((bins - goal.nan_to_num()[..., None]) ** 2) / (2 * SPREAD**2))
    target = target / target.sum(-1, keepdim=True).clamp_min(1e-6)
    loss = -(target * F.log_softmax(scores.float(), -1)).sum(-1)
    # Where there is no joint the scores should be flat, so that the detector says so.
    flat = -F.log_softmax(scores.float(), -1).mean(-1) - np.log(scores.shape[-1])
    return torch.where(seen, loss, 0.3 * flat).mean()


def train(folder, steps, seed=0, batch=32, report=50, data=None):
    """Train up to a step count, resuming from folder/pose.pt; returns the reported losses."""
    dev = run.prepare(seed)
    images, joints = data or load(folder)[:2]
    net = PoseNet().to(dev, memory_format=torch.channels_last)
    opt = torch.optim.AdamW(net.parameters(), 2e-3, weight_decay=0.02)
    step, state = 0, folder / "pose.pt"
    if state.exists():
        s = run.load_state(state)
        net.load_state_dict(s["net"])
        opt.load_state_dict(s["opt"])
        step = s["step"]
    told = run.Report("pose", steps, report)
    while step < steps:
        opt.param_groups[0]["lr"] = 2e-3 * run.rate(step, steps, 60, 0.6)
        g = run.Dice(seed, step).numpy
        ix = run.batch_of(seed, step, batch, len(images))
        crops, points = zip(*(crop(images[i], joints[i], g) for i in ix), strict=True)
        x = torch.from_numpy(np.stack(crops)).to(dev, memory_format=torch.channels_last)
        goal = torch.from_numpy(np.stack(points)).to(dev) * SPLIT
        with run.precision(dev):
            sx, sy = net(x)
            loss = row_loss(sx, goal[..., 0]) + row_loss(sy, goal[..., 1])
        opt.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        opt.step()
        step += 1
        told(step, loss.item())
        if step % 200 == 0 or step == steps:
            run.save_state(state, net=net.state_dict(), opt=opt.state_dict(), step=step)
    return told.log


def export(folder, path):
    """Write the trained network as ONNX."""
    net = PoseNet()
    net.load_state_dict(run.load_state(folder / "pose.pt")["net"])
    path.parent.mkdir(parents=True, exist_ok=True)
    axes = {k: {0: "batch"} for k in ("input", "simcc_x", "simcc_y")}
    torch.onnx.export(
        Probabilities(net).eval(),
        (torch.zeros(1, 3, HIGH, WIDE),),
        str(path),
        input_names=["input"],
        output_names=["simcc_x", "simcc_y"],
        dynamic_axes=axes,
        opset_version=17,
        dynamo=False,
    )


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--steps", type=int, default=4000)
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--work")
    options = options.parse_args()
    home = work_folder(options.work)
    train(home, options.steps, options.seed)
    export(home, home / "pose" / "starter-pose.onnx")
