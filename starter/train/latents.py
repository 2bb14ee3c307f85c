"""Encode every picture once: python -m starter.train.latents

Writes a folder latents-train and one latents-held of arrays, one row a picture: latents, hint features, token ids of
all caption variants, figure weights and joints. Arrays are filled shard by shard, so it resumes where it stopped, and
read through memory maps, so that a stage takes only what it looks at. The hints need no autoencoder: --hints encodes
them alone, while that is still being trained.
"""

import argparse
import json
import os
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from multiprocessing import Pool

import numpy as np
import torch
from diffusers import AutoencoderKL
from transformers import CLIPTokenizer

from starter.dataset import VARIANTS, shards, work_folder
from starter.render import HELD_OUT
from starter.train import run
from starter.train.geometry import GRID, figure_weight
from starter.train.networks import HINT_CHANNELS, LATENT_CHANNELS, hint_features
from starter.train.stem import make_stem, training_map
from starter.train.tokenizer import encode

BATCH, AHEAD = 50, 8  # pictures encoded at once; shards read ahead
SPLITS = {"held": HELD_OUT, "train": 0}  # seed of the first picture
HINTS, PICTURES = "hints", "pictures"
ROWS = {
    "z": (np.float16, (LATENT_CHANNELS, GRID, GRID)),
    "hint": (np.float16, (HINT_CHANNELS[-1], GRID, GRID)),
    "tokens": (np.int16, (VARIANTS, 77)),
    "figure": (np.float16, (GRID, GRID)),
    "joints": (np.float32, (18, 2)),
}


class Cache:
    """The arrays of one split, in a folder, and how many of their rows are filled."""

    def __init__(self, folder, split):
        self.folder = folder / f"latents-{split}"
        self._facts = self.folder / "facts.json"

    @property
    def facts(self):
        return json.loads(self._facts.read_text()) if self._facts.exists() else None

    def begin(self, count, **facts):
        """Make empty arrays for count pictures, unless they are there already."""
        if self.facts and self.facts["count"] == count:
            return
        self.folder.mkdir(exist_ok=True)
        for name, (kind, shape) in ROWS.items():
            np.lib.format.open_memmap(self.folder / f"{name}.npy", "w+", kind, (count, *shape))
        self._tell({"count": count, HINTS: 0, PICTURES: 0, **facts})

    def _tell(self, facts):
        part = self._facts.with_suffix(f".{os.getpid()}.part")
        part.write_text(json.dumps(facts))
        part.replace(self._facts)

    def fill(self, group, first, rows):
        """Write rows {name: values} from row first on; group: HINTS or PICTURES."""
        for name, values in rows.items():
            array = np.load(self.folder / f"{name}.npy", mmap_mode="r+")
            array[first : first + len(values)] = np.asarray(values)
            filled = first + len(values)
        self._tell(self.facts | {group: filled})

    def finished(self, *groups):
        """Are all rows filled?"""
        facts = self.facts
        return bool(facts) and all(facts[g] == facts["count"] for g in groups or (HINTS, PICTURES))

    def read(self):
        """{name: tensor over a memory map}, with "empty" (77,), the empty caption's tokens, and "vocabulary"."""
        if not self.finished():
            raise FileNotFoundError(f"{self.folder} is not finished: python -m starter.train.latents")
        facts = self.facts
        out = {n: torch.from_numpy(np.load(self.folder / f"{n}.npy", mmap_mode="c")) for n in ROWS}
        return out | {"empty": torch.tensor(facts["empty"], dtype=torch.int16), "vocabulary": facts["vocabulary"]}


def cached(folder, split="train"):
    """What was encoded of a split; see Cache.read."""
    return Cache(folder, split).read()


def _maps_and_tokens(tokenizer, base, shard):
    """Skeleton maps uint8 and token ids of a shard."""
    first, _, name = shard
    part = np.load(name)
    maps = np.stack([training_map(k, base + first + i) for i, k in enumerate(part["joints"])])
    captions = part["captions"]
    ids = encode(tokenizer, captions.reshape(-1).tolist())
    return first, maps, np.array(ids, np.int16).reshape(*captions.shape, 77), part["joints"]


@torch.inference_mode()
def encode_hints(folder):
    """Fill hint features, token ids, figure weights and joints."""
    tokenizer = CLIPTokenizer.from_pretrained(folder / "tokenizer")
    empty = encode(tokenizer, [""])[0]
    with Pool(os.cpu_count()) as pool:  # before CUDA wakes up
        dev = run.prepare(0)
        stem = make_stem().to(dev)
        stem.load_state_dict(run.load_state(folder / "stem.pt")["stem"])
        for split, base in SPLITS.items():
            cache, began, parts = Cache(folder, split), time.time(), shards(folder, split)
            count = sum(n for _, n, _ in parts)
            cache.begin(count, empty=empty, vocabulary=len(tokenizer))
            jobs = [p for p in parts if p[0] >= cache.facts[HINTS]]
            for first, maps, tokens, joints in pool.imap(partial(_maps_and_tokens, tokenizer, base), jobs):
                with run.precision(dev):
                    hints = [
                        hint_features(stem, run.pictures(maps[i : i + BATCH], dev).add(1).div(2)).half().cpu()
                        for i in range(0, len(maps), BATCH)
                    ]
                rows = {"hint": torch.cat(hints), "tokens": tokens, "joints": joints}
                cache.fill(HINTS, first, rows | {"figure": figure_weight(joints).half()})
                print(f"hints {split} {first + len(maps)} of {count} in {time.time() - began:.0f} s", flush=True)


def _images(shard):
    return shard[0], np.load(shard[2])["images"]


@torch.inference_mode()
def encode_pictures(folder):
    """Fill the latents, with the finished autoencoder."""
    dev = run.prepare(0)
    vae = AutoencoderKL.from_pretrained(folder / "vae").eval().to(dev, memory_format=torch.channels_last)
    for split in SPLITS:
        cache, began = Cache(folder, split), time.time()
        jobs = [p for p in shards(folder, split) if p[0] >= cache.facts[PICTURES]]
        with ThreadPoolExecutor(4) as readers:
            for i in range(0, len(jobs), AHEAD):
                for first, images in readers.map(_images, jobs[i : i + AHEAD]):
                    with run.precision(dev):
                        z = [
                            vae.encode(run.pictures(images[k : k + BATCH], dev)).latent_dist.mean.half().cpu()
                            for k in range(0, len(images), BATCH)
                        ]
                    cache.fill(PICTURES, first, {"z": torch.cat(z)})
                    print(f"encoded {split} {first + len(images)} in {time.time() - began:.0f} s", flush=True)
    print("latent deviation per channel", cached(folder)["z"][:4000].float().std((0, 2, 3)).tolist())


def encode_all(folder):
    """Encode held-out and training pictures with the finished vae, stem and tokenizer."""
    encode_hints(folder)
    encode_pictures(folder)


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--hints", action="store_true", help="everything that needs no autoencoder")
    options.add_argument("--work")
    options = options.parse_args()
    (encode_hints if options.hints else encode_all)(work_folder(options.work))
