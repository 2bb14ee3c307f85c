"""Train the pose detector: python -m starter.train.pose

An RTMPose-shaped network: an image crop of 192 x 256 in, SimCC rows and columns of 17 COCO joints out, so that rtmlib's
own RTMPose class runs the exported ONNX file unchanged.
"""

import argparse

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from starter.dataset import load, work_folder
from starter.drawing.canvas import SIZE
from starter.train import run

WIDE, HIGH, SPLIT = 192, 256, 2  # input size; SimCC bins per pixel
COCO = (0, 15, 14, 17, 16, 5, 2, 6, 3, 7, 4, 11, 8, 12, 9, 13, 10)  # OpenPose-18 index of each COCO-17 joint
MEAN, STD = np.array([123.675, 116.28, 103.53]), np.array([58.395, 57.12, 57.375])
SPREAD = 4.0  # deviation of a target, bins
PICTURES = 40000  # most that are held in memory


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


def box_of(joints, g):
    """Centre (x, y) and scale (crop pixels a picture pixel) of a training crop by rtmlib's rule: 1.25 padding, 3:4.

    Half of them take the whole picture, as the studio does, the others a loose box around the joints (18, 2).
    """
    seen = joints[~np.isnan(joints[:, 0])]
    box = np.array([0, 0, SIZE, SIZE], float)
    if g.random() < 0.5 and len(seen) > 3:
        pad = 0.16 * max(np.ptp(seen[:, 0]), np.ptp(seen[:, 1]))
        box = np.concatenate([seen.min(0) - pad, seen.max(0) + pad]) + g.normal(0, pad * 0.3, 4)
    wide, high = (box[2:] - box[:2]) * 1.25 * g.uniform(0.9, 1.1)
    return *(box[:2] + box[2:]) / 2, WIDE / max(wide, high * WIDE / HIGH, 1.0)


def crops(images, joints, dice):
    """Training crops of pictures (n, 3, 256, 256) in 0..255 on their device, blurred and recoloured a little.

    Returns normalised crops (n, 3, 256, 192) and COCO joints (n, 17, 2) in crop pixels, nan where unseen.
    """
    g, n, dev = dice.numpy, len(images), images.device
    where = np.array([box_of(k, g) for k in joints], np.float32)
    centre, k = where[:, None, :2], where[:, None, 2:]
    points = (joints[:, list(COCO)] - centre) * k + np.array([WIDE / 2, HIGH / 2])
    points[~((points >= 0) & (points < (WIDE, HIGH))).all(-1)] = np.nan
    soft, small = g.random(n) < 0.5, int(g.integers(SIZE * 7 // 16, SIZE * 15 // 16))
    images = images.clone()
    images[torch.from_numpy(soft)] = F.interpolate(
        F.interpolate(images[torch.from_numpy(soft)], size=small, mode="area"), size=SIZE, mode="bilinear"
    )
    span = np.stack([WIDE / where[:, 2], HIGH / where[:, 2]], 1) / SIZE
    theta = np.zeros((n, 2, 3), np.float32)
    theta[:, 0, 0], theta[:, 1, 1] = span.T
    theta[:, :, 2] = where[:, :2] * 2 / SIZE - 1
    grid = F.affine_grid(torch.from_numpy(theta).to(dev), (n, 3, HIGH, WIDE), align_corners=False)
    out = F.grid_sample(images, grid, align_corners=False)
    tint = torch.from_numpy(g.uniform(0.85, 1.15, (n, 3, 1, 1)).astype(np.float32)).to(dev)
    grain = torch.from_numpy(g.uniform(0, 8, (n, 1, 1, 1)).astype(np.float32)).to(dev)
    out = out * tint + dice.normal(out.shape) * grain
    mean, std = (torch.tensor(v, dtype=torch.float32, device=dev)[:, None, None] for v in (MEAN, STD))
    return (out - mean) / std, torch.from_numpy(points.astype(np.float32)).to(dev)


def with_more_backs(joints, times=3):
    """Indices of pictures, those seen from behind (no nose, but a neck) several times: they are few and hard."""
    behind = np.isnan(joints[:, 0, 0]) & ~np.isnan(joints[:, 1, 0])
    return np.repeat(np.arange(len(joints)), np.where(behind, times, 1))


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
    images, joints = data or load(folder, limit=PICTURES)[:2]
    images, chosen = torch.from_numpy(images).to(dev), with_more_backs(joints)
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
        ix = chosen[run.batch_of(seed, step, batch, len(chosen))]
        some = images[torch.from_numpy(ix).to(dev)].permute(0, 3, 1, 2).float()
        x, goal = crops(some, joints[ix], run.Dice(seed, step, dev))
        x, goal = x.contiguous(memory_format=torch.channels_last), goal * SPLIT
        with run.precision(dev):
            sx, sy = net(x)
            loss = row_loss(sx, goal[..., 0]) + row_loss(sy, goal[..., 1])
        opt.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        opt.step()
        step += 1
        told(step, loss.detach())
        if step % 200 == 0 or step == steps:
            run.save_state(state, net=net.state_dict(), opt=opt.state_dict(), step=step)
    return told.log


def fused(net):
    """The same network for use, not training: every batch norm taken into the convolution before it."""
    net = net.eval()
    for part in net.modules():
        if isinstance(part, nn.Sequential):
            for i in range(len(part) - 1):
                if isinstance(part[i], nn.Conv2d) and isinstance(part[i + 1], nn.BatchNorm2d):
                    part[i], part[i + 1] = fuse_conv_bn_eval(part[i], part[i + 1]), nn.Identity()
    return net


def export(folder, path):
    """Write the trained network as ONNX."""
    net = PoseNet()
    net.load_state_dict(run.load_state(folder / "pose.pt")["net"])
    for p in fused(net).parameters():
        p.data = p.data.bfloat16().float()  # as in training; files whose last bits are zero compress well
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
