"""The two laws of docs/architecture.md, and the habits a reader relies on, checked on the source."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
STUDIO = ROOT / "studio"

# Law 1: a module imports only from layers below its own (a package may import from itself).
LAYERS = (
    {"errors"},
    {"settings", "database"},
    {"poses"},
    {"request", "request_errors", "request_fields", "request_passes"},
    {"catalog", "prompts", "trunks"},
    {"advice", "availability", "crafting", "library_check", "linting", "sweeps"},
    {"engine", "gallery", "assistant"},
    {"jobs"},
    {"ui", "cli", "__main__"},
    {"pages", "app"},
)
LEVEL = {name: level for level, names in enumerate(LAYERS) for name in names}
ONE_PART = {
    **dict.fromkeys(("request", "request_errors", "request_fields", "request_passes"), "request"),
    **dict.fromkeys(("cli", "__main__"), "cli"),
}

TORCH = {
    "torch", "torchvision", "diffusers", "transformers", "accelerate", "peft", "spandrel", "onnxruntime",
    "controlnet_aux", "rtmlib",
}  # fmt: skip
VAGUE = {"util", "utils", "helper", "helpers", "manager", "managers", "handler", "handlers", "base", "common", "misc"}
MAX_LINES = 250


def product_modules() -> list[Path]:
    return sorted([*STUDIO.rglob("*.py"), *(ROOT / "pages").rglob("*.py"), *ROOT.glob("*.py")])


def part_of(path: Path) -> str:
    """The name under which a module stands in LAYERS."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return parts[1] if parts[0] == "studio" else parts[0]


@cache
def imports_of(path: Path) -> tuple[tuple[str, bool], ...]:
    """All imported dotted names with their origin module spelled out, and whether the import is at module level."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inside = {id(inner) for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
              for inner in ast.walk(node)}  # fmt: skip
    return tuple((name, id(node) not in inside) for node in ast.walk(tree) for name in _names(node))


def _names(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [f"{node.module}.{alias.name}" for alias in node.names]
    return []


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


modules = pytest.mark.parametrize("path", product_modules(), ids=name_of)


@modules
def test_imports_point_down_the_one_way_street(path: Path):
    own = part_of(path)
    if own == "__init__":
        assert not [name for name, _ in imports_of(path) if name.startswith("studio")]
        return
    assert own in LEVEL, f"{own} has no place in the layers: add it to docs/architecture.md and to LAYERS"
    for name, _ in imports_of(path):
        if not name.startswith("studio."):
            continue
        other = name.split(".")[1]
        same_part = other == own or ONE_PART.get(other, other) == ONE_PART.get(own, own)
        assert same_part or LEVEL[other] < LEVEL[own], f"{name_of(path)} imports {name}, which is not below it"


@modules
def test_only_the_engine_imports_torch_and_only_the_ui_streamlit(path: Path):
    roots = {name.split(".")[0] for name, _ in imports_of(path)}
    if part_of(path) != "engine":
        assert not roots & TORCH
    if part_of(path) not in {"ui", "pages", "app"}:
        assert "streamlit" not in roots


@modules
def test_the_engine_is_imported_by_the_worker_and_lazily_by_the_command_line(path: Path):
    if part_of(path) == "engine" or path == STUDIO / "jobs" / "worker.py":
        return
    for name, at_module_level in imports_of(path):
        if name.startswith("studio.engine") or name == "studio.jobs.worker":
            assert part_of(path) in {"cli", "jobs"} and not at_module_level, f"{name_of(path)} imports {name}"


@modules
def test_modules_are_small_and_named_after_what_they_hold(path: Path):
    limit = 150 if part_of(path) == "pages" else MAX_LINES
    assert len(path.read_text(encoding="utf-8").splitlines()) <= limit
    assert not VAGUE & set(path.relative_to(ROOT).with_suffix("").parts)


def test_no_page_shadows_another_module():
    # The main script's folder comes first on sys.path, so pages/code.py would be everybody's ``import code``.
    pages = {path.stem for path in (ROOT / "pages").glob("*.py")}
    installed = set(packages_distributions()) - {"main"}
    assert not pages & (set(sys.stdlib_module_names) | installed)


def test_importing_the_page_side_loads_no_torch():
    parts = ["ui", "jobs", "gallery", "assistant", "catalog", "prompts", "cli"]
    code = (
        "import importlib, pkgutil, sys\n"
        f"for part in {parts!r}:\n"
        "    package = importlib.import_module(f'studio.{part}')\n"
        "    for module in pkgutil.walk_packages(package.__path__, f'studio.{part}.'):\n"
        "        if module.name != 'studio.jobs.worker':\n"
        "            importlib.import_module(module.name)\n"
        f"print(sorted({TORCH!r} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"


def test_no_file_names_a_machine():
    machine = re.compile(rf"{re.escape(str(ROOT))}|/home/[a-z]|/root/|/Users/[a-z]|[A-Z]:\\\\?Users")
    texts = [path for pattern in ("*.py", "*.md", "*.toml", "*.txt", "*.yaml", "*.js", "*.css")
             for folder in ("studio", "pages", "docs", "tests", "benchmarks", "prompt_library", ".streamlit")
             for path in (ROOT / folder).rglob(pattern)]  # fmt: skip
    texts += [path for path in ROOT.iterdir() if path.suffix in {".md", ".toml", ".txt", ".py"}]
    named = [name_of(path) for path in texts if path != Path(__file__).resolve()
             and machine.search(path.read_text(encoding="utf-8"))]  # fmt: skip
    assert texts and not named
