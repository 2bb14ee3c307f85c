"""Encode every picture once: python -m starter.train.latents

Writes folder/latents-train.pt and folder/latents-held.pt: latents, hint features, token ids of all caption variants,
figure weights and joints. Parts are kept while it runs, so it resumes where it stopped.
"""

import argparse
import time

import torch
from diffusers import AutoencoderKL
from transformers import CLIPTokenizer

from starter.dataset import SHARD, load, work_folder
from starter.render import HELD_OUT
from starter.train import run
from starter.train.geometry import figure_weight
from starter.train.networks import hint_features
from starter.train.stem import make_stem, maps_tensor
from starter.train.tokenizer import encode


@torch.inference_mode()
def encode_part(vae, stem, tokenizer, images, joints, captions, first, dev, batch=25):
    """Everything the denoiser needs of some pictures, as a dict of tensors. first: seed of the first picture."""
    z, f = [], []
    for i in range(0, len(images), batch):
        z.append(vae.encode(run.pictures(images[i : i + batch], dev)).latent_dist.mean.half().cpu())
        some = joints[i : i + batch]
        maps = maps_tensor(some, range(first + i, first + i + len(some))).to(dev)
        f.append(hint_features(stem, maps).half().cpu())
    ids = encode(tokenizer, captions.reshape(-1).tolist())
    tokens = torch.tensor(ids, dtype=torch.int16).view(len(images), -1, 77)
    figure, joints = figure_weight(joints).half(), torch.from_numpy(joints).float()
    return {"z": torch.cat(z), "hint": torch.cat(f), "tokens": tokens, "figure": figure, "joints": joints}


def encode_all(folder, limit=None):
    """Encode held-out and training pictures with the finished vae, stem and tokenizer."""
    dev = run.prepare(0)
    vae = AutoencoderKL.from_pretrained(folder / "vae").eval().to(dev)
    tokenizer = CLIPTokenizer.from_pretrained(folder / "tokenizer")
    stem = make_stem().to(dev)
    stem.load_state_dict(run.load_state(folder / "stem.pt")["stem"])
    empty = torch.tensor(encode(tokenizer, [""])[0], dtype=torch.int16)
    for split, base in (("held", HELD_OUT), ("train", 0)):
        images, joints, captions = load(folder, split, limit)
        parts, began = [], time.time()
        for a in range(0, len(images), SHARD):
            path, end = folder / f"encoded-{split}-{a:07d}.pt", a + SHARD
            if not path.exists():
                run.save_state(
                    path,
                    **encode_part(vae, stem, tokenizer, images[a:end], joints[a:end], captions[a:end], base + a, dev),
                )
            parts.append(run.load_state(path))
            print(f"encoded {split} {min(end, len(images))} in {time.time() - began:.0f} s", flush=True)
        whole = {k: torch.cat([p[k] for p in parts]) for k in parts[0]}
        run.save_state(folder / f"latents-{split}.pt", empty=empty, vocabulary=len(tokenizer), **whole)
        if split == "train":
            print("latent deviation per channel", whole["z"].float().std((0, 2, 3)).tolist())
    for path in folder.glob("encoded-*.pt"):
        path.unlink()


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--limit", type=int)
    options.add_argument("--work")
    options = options.parse_args()
    encode_all(work_folder(options.work), options.limit)
