"""Render the training pictures into shards: python -m starter.dataset --count 24000

A shard holds images (n, 256, 256, 3) uint8, joints (n, 18, 2) float32 in pixels (nan = unseen) and captions
(n, VARIANTS) strings. Finished shards are kept, so an interrupted run goes on where it stopped.
"""

import argparse
import os
from itertools import accumulate
from multiprocessing import Pool
from pathlib import Path

import numpy as np

from starter.captions import write_caption
from starter.drawing.canvas import SIZE
from starter.render import HELD_OUT, render

SHARD, VARIANTS, HELD_COUNT = 500, 3, 512


def work_folder(path=None):
    """Where training keeps data and state: the option, else $STARTER_WORK, else starter/work (git-ignored)."""
    folder = Path(path or os.environ.get("STARTER_WORK") or Path(__file__).parent / "work")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def captions_of(picture, seed):
    """The picture's caption and VARIANTS - 1 others."""
    return [picture.caption] + [
        write_caption(picture.plan, np.random.default_rng([seed, k])) for k in range(1, VARIANTS)
    ]


def _render_shard(job):
    path, first, count = job
    images, joints, captions = np.empty((count, SIZE, SIZE, 3), np.uint8), np.empty((count, 18, 2), np.float32), []
    for i in range(count):
        p = render(first + i)
        images[i], joints[i] = p.image, p.joints
        captions.append(captions_of(p, first + i))
    part = path.with_suffix(".part")
    with part.open("wb") as f:
        np.savez(f, images=images, joints=joints, captions=np.array(captions))
    part.replace(path)
    return path.name


def render_shards(folder, count, processes=1):
    """Render what is missing of count training pictures and of the held-out ones."""
    jobs = [(folder / f"train-{a:07d}.npz", a, min(SHARD, count - a)) for a in range(0, count, SHARD)]
    jobs.insert(0, (folder / "held.npz", HELD_OUT, min(HELD_COUNT, count)))
    jobs = [j for j in jobs if not j[0].exists()]
    if processes == 1:
        for j in jobs:
            print("rendered", _render_shard(j), flush=True)
        return
    with Pool(processes) as pool:
        for name in pool.imap_unordered(_render_shard, jobs):
            print("rendered", name, flush=True)


def shards(folder, split="train"):
    """(index of the first picture, how many, file) of all shards there are, in seed order."""
    names = sorted(folder.glob("train-*.npz")) if split == "train" else [folder / "held.npz"]
    counts = [len(np.load(name)["joints"]) for name in names]
    return list(zip(accumulate(counts[:-1], initial=0), counts, names, strict=True))


def load(folder, split="train", limit=None):
    """(images, joints, captions) of the first pictures, in seed order; limit: how many, default all there are."""
    parts = [np.load(name) for first, _, name in shards(folder, split) if limit is None or first < limit]
    return tuple(np.concatenate([p[k] for p in parts])[:limit] for k in ("images", "joints", "captions"))


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--count", type=int, default=24000)
    options.add_argument("--processes", type=int, default=os.cpu_count())
    options.add_argument("--work")
    options = options.parse_args()
    render_shards(work_folder(options.work), options.count, options.processes)
