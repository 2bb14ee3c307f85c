"""Teach the ControlNet's hint stem to read skeletons: python -m starter.train.stem

The stem learns to predict joint and limb heat maps and is frozen afterwards (but for its last convolution), so that its
features can be computed once for every picture.
"""

import argparse

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from diffusers.models.controlnets.controlnet import ControlNetConditioningEmbedding

from starter.dataset import load, work_folder
from starter.drawing.skeleton import draw_skeleton
from starter.train import run
from starter.train.geometry import heat_maps
from starter.train.networks import HINT_CHANNELS, SIZE, hint_features


def training_map(joints, seed):
    """The skeleton map (256, 256, 3) uint8 that a picture is trained with.

    Mostly the exact map. Some have eyes and ears as close together as a photographed person's, and some were drawn
    large and shrunk, because people will hand us both.
    """
    g = np.random.default_rng([seed, 5])
    if g.random() < 0.25:
        joints, face = joints.copy(), [0, 14, 15, 16, 17]
        centre = (
            joints[0]
            if not np.isnan(joints[0, 0])
            else np.nanmean(joints[16:18], 0)
            if not np.isnan(joints[16:18]).all()
            else joints[1]
        )
        joints[face] = centre + (joints[face] - centre) * g.uniform(0.5, 0.9)
    if g.random() < 0.15:
        k = int(g.choice([2, 4]))
        return cv2.resize(draw_skeleton(joints * k, SIZE * k), (SIZE, SIZE), interpolation=cv2.INTER_AREA)
    return draw_skeleton(joints, SIZE)


def maps_tensor(joints, seeds):
    maps = np.stack([training_map(j, int(s)) for j, s in zip(joints, seeds, strict=True)])
    return torch.from_numpy(maps).permute(0, 3, 1, 2).float().div_(255).contiguous()


def make_stem():
    stem = ControlNetConditioningEmbedding(64, 3, HINT_CHANNELS)
    for m in stem.modules():
        if isinstance(m, torch.nn.Conv2d):
            torch.nn.init.orthogonal_(m.weight.view(m.weight.shape[0], -1), 1.4)
            torch.nn.init.zeros_(m.bias)
    return stem


def train(folder, steps, seed=0, batch=16, report=50, data=None):
    """Train up to a step count, resuming from folder/stem.pt; returns the losses (all-zero maps score about 1)."""
    dev = run.prepare(seed)
    joints = data if data is not None else load(folder)[1]
    stem, reader = make_stem().to(dev), torch.nn.Conv2d(64, 53, 1).to(dev)
    params = [*stem.parameters(), *reader.parameters()]
    opt = torch.optim.AdamW(params, 3e-3, betas=(0.9, 0.99))
    step, state = 0, folder / "stem.pt"
    if state.exists():
        s = run.load_state(state)
        if "reader" not in s:
            return []  # taken from released weights: it is finished
        stem.load_state_dict(s["stem"]), reader.load_state_dict(s["reader"]), opt.load_state_dict(s["opt"])
        step = s["step"]
    told = run.Report("stem", steps, report)
    while step < steps:
        opt.param_groups[0]["lr"] = 3e-3 * run.rate(step, steps, 50, 0.8)
        ix = run.batch_of(seed, step, batch, len(joints))
        goal = heat_maps(joints[ix]).to(dev)
        seen = reader(stem.conv_out(hint_features(stem, maps_tensor(joints[ix], ix).to(dev))))
        loss = F.mse_loss(seen, goal) / goal.pow(2).mean()
        opt.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(params, 1.0)
        opt.step()
        step += 1
        told(step, loss.item())
        if step % 200 == 0 or step == steps:
            run.save_state(state, stem=stem.state_dict(), reader=reader.state_dict(), opt=opt.state_dict(), step=step)
    return told.log


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--steps", type=int, default=700)
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--work")
    options = options.parse_args()
    train(work_folder(options.work), options.steps, options.seed)
