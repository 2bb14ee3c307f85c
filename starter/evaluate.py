"""Measure a checkpoint on poses, colours and seeds it never saw: python -m starter.evaluate

Prints every figure with what true pictures score (ceiling) or what shuffled ones do (chance), and writes
evaluation.json and sheets into the work folder.
"""

import argparse
import json
import time
from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderKL
from PIL import Image
from spandrel import ModelLoader

from starter.dataset import work_folder
from starter.drawing.canvas import SIZE
from starter.drawing.palette import GARMENT, HAIR
from starter.drawing.skeleton import draw_skeleton
from starter.judge import PlaceJudge, colour_regions, colours_worn, found_colour, pck
from starter.painter import Painter
from starter.render import HELD_OUT, render
from starter.train.upscaler import gain
from starter.train.vae import psnr

HERE = Path(__file__).parent
FIRST = HELD_OUT + 10_000  # held-out seeds that no stage of training ever looks at
ODD_TEXTS = ("", "🙂🎀✨", "笑顔の女の子、公園", "word " * 2000, "\x00\x07<|endoftext|>")


def judgeable(count):
    """The first held-out pictures whose hair and outfit regions and torso can be judged."""
    out, seed = [], FIRST
    while len(out) < count:
        p = render(seed)
        seed += 1
        hair, outfit = colour_regions(p)
        torso = not np.isnan(p.joints[[1, 2, 5, 8, 11]]).any()
        words = p.plan.who.colour in p.caption and " hair" in p.caption
        if outfit is not None and torso and words and hair.sum() >= 10 and outfit.sum() >= 10 and not p.plan.behind:
            out.append(p)
    return out


def colours_found(images, pictures):
    """Shares of pictures whose hair and whose outfit have the named colour."""
    hair, outfit = [], []
    for im, p in zip(images, pictures, strict=True):
        a, b = colour_regions(p)
        hair.append(found_colour(im, a, HAIR) == p.plan.who.hair)
        outfit.append(found_colour(im, b, GARMENT) == p.plan.who.colour)
    return float(np.mean(hair)), float(np.mean(outfit))


def places_found(judge, images, pictures):
    named = [p.plan.place for p in pictures]
    return float(np.mean([a == b for a, b in zip(judge(images), named, strict=True)]))


def pose_found(detector, images, pictures):
    """Share of joints found within 0.1 of the torso diagonal, by our own detector; None without one."""
    if detector is None:
        return None
    hits = asked = 0
    for im, p in zip(images, pictures, strict=True):
        found, _ = detector(np.ascontiguousarray(im[:, :, ::-1] if detector.bgr else im))
        h, a = pck(found[0], p.joints)
        hits, asked = hits + h, asked + a
    return hits / asked


def detector_ceiling(detector, count=240):
    """Shares of joints found in true pictures that nobody chose, by the side they are seen from."""
    pictures = [render(FIRST + 7000 + i) for i in range(count)]
    sides = {
        "all": pictures,
        "front": [p for p in pictures if not p.plan.behind],
        "behind": [p for p in pictures if p.plan.behind],
    }
    return {"pictures": count} | {k: pose_found(detector, [p.image for p in v], v) for k, v in sides.items()}


def load_detector(path):
    """rtmlib's own class around our network, or None if there is no such file."""
    if not path.exists():
        return None
    from rtmlib import RTMPose

    detector = RTMPose(str(path), model_input_size=(192, 256), to_openpose=True)
    detector.bgr = False
    return detector


def difference(a, b):
    return float(np.mean((a.astype(float) - b.astype(float)) ** 2))


def rotated(items):
    return [*items[7:], *items[:7]]


def measure(paint, pictures, judge, detector, quick=False):
    """All figures as one dict; quick leaves out everything but obedience to prompt and skeleton."""
    maps, prompts = [draw_skeleton(p.joints) for p in pictures], [p.caption for p in pictures]
    true, seeds, out = np.stack([p.image for p in pictures]), range(100, 100 + len(pictures)), {}

    def scores(images):
        hair, outfit = colours_found(images, pictures)
        pose = pose_found(detector, images, pictures)
        place = places_found(judge, images, pictures)
        return {"hair": hair, "outfit": outfit, "place": place, "pose": pose, "mse": difference(images, true)}

    out["true pictures (ceiling)"] = scores(true)
    own = paint(prompts, maps, seeds)
    out["own prompt, own skeleton"] = scores(own)
    out["shuffled (chance)"] = scores(np.stack(rotated(own)))
    out["other skeleton"] = scores(paint(prompts, rotated(maps), seeds))
    out["other prompt"] = scores(paint(rotated(prompts), maps, seeds))
    if quick:
        return out, own
    for weight in (0.0, 0.25, 0.5, 0.75):
        out[f"control weight {weight}"] = scores(paint(prompts, maps, seeds, weight=weight))
    for guidance in (1.0, 4.0, 7.5):
        out[f"guidance {guidance}"] = scores(paint(prompts, maps, seeds, guidance=guidance))
    if detector is not None:
        out["text alone"] = text_alone(paint, pictures, judge, detector)
    out["other seed"] = {"mse to own": difference(paint(prompts, maps, [s + 1000 for s in seeds]), own)}
    out["one word swapped"] = one_word_swapped(paint, pictures, maps)
    out["negative"] = negative_prompt(paint, pictures, maps)
    return out, own


def text_alone(paint, pictures, judge, detector):
    """Shares of named colours and places found without control, by guidance, the figure being wherever it is found."""

    def scores(images):
        worn = [colours_worn(im, detector(np.ascontiguousarray(im))[0][0]) for im in images]
        hair = np.mean([w[0] == p.plan.who.hair for w, p in zip(worn, pictures, strict=True)])
        outfit = np.mean([w[1] == p.plan.who.colour for w, p in zip(worn, pictures, strict=True)])
        return {"hair": float(hair), "outfit": float(outfit), "place": places_found(judge, images, pictures)}

    blank, seeds = [np.zeros((SIZE, SIZE, 3), np.uint8)] * len(pictures), range(100, 100 + len(pictures))
    prompts = [p.caption for p in pictures]
    drawn = {str(g): scores(paint(prompts, blank, seeds, guidance=g, weight=0.0)) for g in (1.0, 4.0, 7.5)}
    return {"true pictures (ceiling)": scores([p.image for p in pictures])} | drawn


def one_word_swapped(paint, pictures, maps, count=16):
    """Mean change (levels of 255) inside the hair and outside it when only the hair's colour word changes."""
    some, seeds, images = pictures[:count], range(300, 300 + min(count, len(pictures))), []
    for word in ("blonde", "blue"):
        prompts = [f"1girl, {word} hair, {p.plan.who.colour} {p.plan.who.outfit}, {p.plan.place}" for p in some]
        images.append(paint(prompts, maps[:count], seeds).astype(int))
    change = np.abs(images[0] - images[1]).mean(-1)
    masks = np.stack([colour_regions(p)[0] for p in some])
    return {"inside": float(change[masks].mean()), "outside": float(change[~masks].mean())}


def negative_prompt(paint, pictures, maps, count=16):
    """How often an unspecified hair colour is blue, without and with "blue hair" in the negative prompt."""
    some, m = pictures[:count], maps[:count]
    share = {}
    for negative in ("", "blue hair"):
        images = paint(["1girl, long hair"] * len(some), m, range(500, 500 + len(some)), negative=negative)
        share[negative or "none"] = float(
            np.mean(
                [
                    found_colour(im, colour_regions(p)[0], HAIR) in ("blue", "light blue")
                    for im, p in zip(images, some, strict=True)
                ]
            )
        )
    return share


def sheet(rows):
    """Rows of images as one picture."""
    return np.vstack([np.hstack(list(r)) for r in rows])


def save_sheets(folder, pictures, own):
    pairs = []
    for i in range(0, min(24, len(own) - 7), 8):
        pairs += [
            [draw_skeleton(p.joints) for p in pictures[i : i + 8]],
            [p.image for p in pictures[i : i + 8]],
            own[i : i + 8],
        ]
    Image.fromarray(sheet(pairs)).save(folder / "sheet-pairs.webp", quality=90)
    rows = [own[i : i + 8] for i in range(0, len(own) // 8 * 8, 8)][:6]
    Image.fromarray(sheet(rows)).save(folder / "sheet.webp", quality=90)


def read_upscaler(path):
    """Our network as spandrel, and so the studio, loads it."""
    return ModelLoader().load_from_file(path).model.float()


def survive_odd_texts(paint):
    blank = np.zeros((SIZE, SIZE, 3), np.uint8)
    for text in ODD_TEXTS:
        paint([text], [blank], [0], steps=2)
    return len(ODD_TEXTS)


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--checkpoint", type=Path, default=HERE / "checkpoint")
    options.add_argument("--controlnet", type=Path, default=HERE / "controlnet-openpose")
    options.add_argument("--pose", type=Path, default=HERE / "pose" / "starter-pose.onnx")
    options.add_argument("--upscaler", type=Path, default=HERE / "upscaler" / "starter-x4.safetensors")
    options.add_argument("--count", type=int, default=48)
    options.add_argument("--quick", action="store_true", help="obedience to prompt and skeleton only")
    options.add_argument("--work")
    options = options.parse_args()
    folder = work_folder(options.work)
    known = [render(3_000_000 + i) for i in range(4000)]
    judge = PlaceJudge([p.image for p in known], [p.plan.place for p in known])
    pictures, paint = judgeable(options.count), Painter(options.checkpoint, options.controlnet)
    began = time.time()
    paint([pictures[0].caption], [draw_skeleton(pictures[0].joints)], [0])
    results = {"seconds for one picture, 20 steps": time.time() - began}
    detector = load_detector(options.pose)
    figures, own = measure(paint, pictures, judge, detector, options.quick)
    results.update(figures)
    if detector is not None:
        results["detector on true pictures"] = detector_ceiling(detector)
    vae = AutoencoderKL.from_pretrained(options.checkpoint, subfolder="vae", torch_dtype=torch.float32)
    results["vae psnr"] = psnr(vae, np.stack([render(FIRST + 5000 + i).image for i in range(64)]))
    results["odd texts survived"] = survive_odd_texts(paint)
    if options.upscaler.exists():
        ours, lanczos = gain(read_upscaler(options.upscaler), 48)
        results["upscaler psnr"] = {"ours": ours, "lanczos": lanczos}
    save_sheets(folder, pictures, own)
    (folder / "evaluation.json").write_text(json.dumps(results, indent=1))
    print(json.dumps(results, indent=1))
