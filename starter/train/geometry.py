"""Where joints, limbs and the figure lie on the 32 x 32 grid of latent cells.

Widths are in points, of which a picture is always 128 wide: they are the figure's, not the pixels'.
"""

import torch

from starter.drawing.canvas import POINTS, SIZE
from starter.drawing.skeleton import LIMBS
from starter.train.networks import SCALE

GRID = SIZE // SCALE  # cells a side
CELL = POINTS / GRID  # points a cell
FAR = 99.0
ARMS = [i for i, limb in enumerate(LIMBS) if tuple(limb) in {(2, 3), (3, 4), (5, 6), (6, 7)}]


def in_points(joints):
    """Joints (n, 18, 2) in pixels of a training picture, as a tensor in points."""
    return torch.as_tensor(joints, dtype=torch.float32) * (POINTS / SIZE)


def distances(joints):
    """Distances in points from every cell's centre to joints and limbs (n, 18 + 17, 32, 32); joints (n, 18, 2) pixels.

    What is unseen is FAR away.
    """
    k = in_points(joints)
    c = torch.arange(GRID) * CELL + CELL / 2
    y, x = torch.meshgrid(c, c, indexing="ij")
    p = torch.stack([x, y], -1)[None, None]
    to_joints = (p - k[:, :, None, None]).norm(dim=-1)
    a, b = (k[:, [limb[e] for limb in LIMBS]][:, :, None, None] for e in (0, 1))
    along = b - a
    t = (((p - a) * along).sum(-1) / (along.pow(2).sum(-1) + 1e-6)).clamp(0, 1)
    to_limbs = (p - a - t[..., None] * along).norm(dim=-1)
    return torch.nan_to_num(torch.cat([to_joints, to_limbs], 1), nan=FAR)


def heat_maps(joints):
    """Targets of the hint stem (n, 53, 32, 32): joints narrow and wide, limbs."""
    d = distances(joints)
    return torch.cat(
        [torch.exp(-(d[:, :18] ** 2) / 14), torch.exp(-(d[:, :18] ** 2) / 120), torch.exp(-(d[:, 18:] ** 2) / 14)], 1
    )


def figure_weight(joints):
    """1 on cells the figure probably covers, 1.5 on its face and arms, 0 elsewhere (n, 32, 32).

    Arms are thin and have little say in a mean over cells, but make the pose.
    """
    k, d = in_points(joints), distances(joints)
    trunk = torch.nan_to_num((k[:, [8, 11]].mean(1) - k[:, 1]).norm(dim=-1), nan=34.0).clamp(16, 60)
    body = (d[:, 18:].amin(1) < (3.5 + 0.17 * trunk)[:, None, None]).float()
    body = torch.where(d[:, 18:][:, ARMS].amin(1) < 5.5, 1.5, body)
    ears = torch.nan_to_num((k[:, 16] - k[:, 17]).norm(dim=-1), nan=0.0)
    eyes = torch.nan_to_num((k[:, 14] - k[:, 15]).norm(dim=-1), nan=0.0) * 2.2
    radius = torch.maximum(ears, eyes)[:, None, None] * 0.6 + 3
    face = torch.minimum(d[:, 0], torch.minimum(d[:, 14], d[:, 15]))
    return torch.where(face < radius * 0.8, 1.5, torch.where(face < radius * 1.5, 1.0, body))
