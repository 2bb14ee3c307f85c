"""``python -m benchmarks``: prints two small tables and keeps the figures as JSON under ``benchmarks/results``."""

from __future__ import annotations

import argparse
import json
import platform
import sys
import tempfile
import time
from pathlib import Path

import diffusers
import torch
import transformers

from benchmarks import gallery, library, measure, models, page, sweep, upscaling
from benchmarks.arms import Ours, Stock, control_ends, mixed_cells, one_picture
from studio.cli.console import table
from studio.settings import Settings

RESULTS = Path(__file__).parent / "results"
DTYPES = {"float32": torch.float32, "float16": torch.float16, "bfloat16": torch.bfloat16}


def main() -> None:
    arguments = _arguments()
    diffusers.utils.logging.set_verbosity_error()
    diffusers.utils.logging.disable_progress_bar()
    transformers.utils.logging.disable_progress_bar()
    device = arguments.device or ("cuda:0" if torch.cuda.is_available() else "cpu")
    dtype = arguments.dtype or ("float16" if device.startswith("cuda") else "float32")
    results = {
        "made": time.strftime("%Y-%m-%dT%H:%M:%S"),
        "device": torch.cuda.get_device_name(device) if device.startswith("cuda") else platform.processor() or "CPU",
        "threads": torch.get_num_threads(),
        "dtype": dtype,
        "versions": {"torch": torch.__version__, "diffusers": diffusers.__version__},
        "speed": {size: _speed(size, device, dtype, arguments) for size in arguments.sizes},
    }
    if not arguments.skip_page:
        results["page"] = page.measure(arguments.repeats)
        print("\n".join(["", *table(page.lines(results["page"]))]))
    if not arguments.skip_upscaling:
        results["upscaling"] = upscaling.measure(device, DTYPES[dtype], arguments.repeats)
        print("\n".join(["", *table(upscaling.lines(results["upscaling"]))]))
    if not arguments.skip_sweep:
        results["sweep"] = sweep.measure(device, dtype)
        print("\n".join(["", *table(sweep.lines(results["sweep"]))]))
    if not arguments.skip_gallery:
        results["gallery"] = gallery.measure(arguments.repeats)
        print("\n".join(["", *table(gallery.lines(results["gallery"]))]))
    if not arguments.skip_library:
        results["library"] = library.measure(arguments.repeats)
        print("\n".join(["", *table(library.lines(results["library"]))]))
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{time.strftime('%Y%m%d-%H%M%S')}-{'-'.join(arguments.sizes)}-{device.replace(':', '')}.json"
    path.write_text(json.dumps(results, indent=2))
    print(f"\nKept in {path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path}")


def _speed(name: str, device: str, dtype: str, arguments: argparse.Namespace) -> dict[str, object]:
    size = models.SIZES[name]
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        parameters = models.build(home / "models", size, DTYPES[dtype])
        settings = Settings(
            home, home / "models", device=device, dtype=dtype, slots=arguments.slots, memory_budget_gb=64, offline=True
        )
        stock, ours = Stock(settings.models, device, DTYPES[dtype]), Ours(settings, device)
        slots = ours.engine.facts()["slots"]
        about = f"{parameters / 1e6:.1f} million parameters, {size.side} px, {dtype}, {slots} slots on {device}"
        print(f"\n{name}: UNet of {about}")
        cases = {"1 picture, 20 steps": one_picture(size.side), "16 mixed cells": mixed_cells(size.side)}
        cases["20 cells, 5 control ends"] = control_ends(size.side)
        if name == "tiny":
            cases["64 mixed cells"] = mixed_cells(size.side, 64)
        cases = {case: requests for case, requests in cases.items() if (arguments.case or "") in case}
        found = [measure.compare(case, requests, stock, ours, arguments.repeats) for case, requests in cases.items()]
    print("\n".join(table([measure.HEAD, *(comparison.row() for comparison in found)])), flush=True)
    return {"parameters": parameters, "slots": slots, "cases": [comparison.document() for comparison in found]}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=sys.modules["benchmarks"].__doc__)
    parser.add_argument(
        "--size", dest="sizes", action="append", choices=list(models.SIZES), help="default: tiny and small"
    )
    parser.add_argument("--repeats", type=int, default=5, help="measured runs of each arm (default 5)")
    parser.add_argument("--slots", type=int, default=0, help="slots of our engine (default: what it chooses)")
    parser.add_argument("--device", help="cpu or cuda:0 (default: cuda when there is one)")
    parser.add_argument("--dtype", choices=list(DTYPES), help="default: float32 on a CPU, float16 on CUDA")
    parser.add_argument("--case", help="only the cases with this text in their name, for instance 64")
    parser.add_argument("--skip-page", action="store_true", help="measure the engine only")
    parser.add_argument("--skip-sweep", action="store_true", help="leave out the sweep through queue and worker")
    parser.add_argument("--skip-gallery", action="store_true", help="leave out the gallery of 100,000 pictures")
    parser.add_argument("--skip-library", action="store_true", help="leave out the prompt library of 100,000 entries")
    parser.add_argument("--skip-upscaling", action="store_true", help="leave out the upscaling networks")
    arguments = parser.parse_args()
    arguments.sizes = arguments.sizes or ["tiny", "small"]
    return arguments


if __name__ == "__main__":
    main()
