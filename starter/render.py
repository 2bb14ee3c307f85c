"""From a seed to a finished picture with its caption and its exact OpenPose-18 joints."""

from dataclasses import dataclass

import numpy as np

from starter.captions import write_caption
from starter.drawing.anatomy import assemble, place_face
from starter.drawing.canvas import POINTS, SIZE, Canvas, ellipse
from starter.drawing.face import Head
from starter.drawing.figure import Figure
from starter.drawing.palette import mix
from starter.drawing.scenes import PLAIN, paint_scene
from starter.world import Plan, draw_plan

HELD_OUT = 10_000_000  # seeds from here on draw from the held-out world


@dataclass(frozen=True)
class Picture:
    """image (size, size, 3) uint8 RGB; joints (18, 2) and head (x, y, radius) in pixels, nan where not seen."""

    image: np.ndarray
    joints: np.ndarray
    caption: str
    plan: Plan
    head: tuple


def render(seed, size=SIZE):
    """The picture of a seed. The same seed gives the same picture at any size."""
    rng = np.random.default_rng(seed)
    plan = draw_plan(rng, held_out=seed >= HELD_OUT)
    caption = write_caption(plan, rng)
    return draw(plan, int(rng.integers(2**31)), size, caption)


def draw(plan, seed, size=SIZE, caption=""):
    """Draw a plan; seed settles framing and the details of the scene."""
    rng = np.random.default_rng(seed)
    canvas = Canvas(size)
    body = assemble(plan.pose, plan.build, plan.behind)
    _frame(body, plan, rng)
    low = _lowest(body)
    horizon = (
        float(np.clip(low - body.scale * rng.uniform(0.1, 0.2), 62, 104))
        if plan.framing == "full body"
        else float(rng.uniform(66, 94))
    )
    paint_scene(canvas, rng, plan.place, horizon, plan.time, plan.backdrop)
    if plan.pose.ground != "air" and low < POINTS - 1 and not (plan.place == PLAIN and plan.backdrop == "black"):
        _shadow(canvas, body, low)
    place_face(body, Head(body))
    Figure(canvas, body, plan.who, plan.pose).draw()
    joints = body.at[:, :2] * (size / POINTS)
    outside = ~((joints >= 0) & (joints < size)).all(1)
    joints[outside] = np.nan
    k = size / POINTS
    head = (float(body.head[0] * k), float(body.head[1] * k), float(plan.build.head * body.scale * k))
    return Picture(canvas.finish(), joints, caption, plan, head)


def _frame(body, plan, rng):
    """Choose scale and place of the body in the picture."""
    r = plan.build.head
    hat = 2.4 if plan.who.outfit == "mage robe" else 1.5
    top = body.head[1] - r * hat
    points = np.vstack(
        [body.at[1:14, :2], body.toes[:, :2], body.head[:2] + np.array([[-1.35 * r, 0], [1.35 * r, -r * hat]])]
    )
    lo, hi = points.min(0) - 0.045, points.max(0) + 0.045
    hips = body.at[[8, 11], 1].mean()
    if plan.framing == "full body":
        scale = min(126 / (hi[1] - lo[1]), 124 / (hi[0] - lo[0]), 150) * rng.uniform(0.9, 1.0)
        free = POINTS - (hi - lo) * scale
        shift = -lo * scale + free * (np.clip(rng.normal(0.5, 0.16), 0, 1), rng.uniform(0.4, 0.9))
    else:
        bottom = {
            "cowboy shot": hips + 0.16,
            "upper body": body.at[1, 1] + (hips - body.at[1, 1]) * 0.95,
            "portrait": body.at[1, 1] + 0.1,
        }[plan.framing]
        top = min(top, hi[1] if plan.framing == "portrait" else max(lo[1], top - 0.12))
        scale = POINTS / max(bottom - top, 0.25) * rng.uniform(0.9, 1.02)
        middle = (body.head[0] + body.at[1, 0]) / 2
        shift = np.array([64 + rng.normal(0, 5) - middle * scale, 2 - top * scale])
    body.project(scale, shift)


def _lowest(body):
    return float(max(body.toes[:, 1].max(), body.at[[8, 9, 10, 11, 12, 13], 1].max()) + 0.022 * body.scale)


def _shadow(canvas, body, low):
    """A soft spot on the ground, as dark as the ground there allows."""
    feet = np.vstack([body.toes[:, :2], body.at[[10, 13], :2]])
    x, wide = feet[:, 0].mean(), max(0.11 * body.scale, float(np.ptp(feet[:, 0])) * 0.62)
    px = canvas.px
    row, column = (int(np.clip(v * px, 0, canvas.im.shape[0] - 1)) for v in (low, x))
    ground = tuple(int(v) for v in canvas.im[row, column])
    canvas.fill(ellipse((x, low - 0.012 * body.scale), wide, 0.026 * body.scale), mix(ground, (40, 30, 70), 0.24))
