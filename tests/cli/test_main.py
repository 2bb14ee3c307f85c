"""What all commands have in common."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

import pytest

from studio.cli.parser import build_parser


def commands(parser: argparse.ArgumentParser, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    groups = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    for group in groups:
        for name, sub in group.choices.items():
            yield from commands(sub, (*path, name))
    if not groups:
        yield path


ALL = list(commands(build_parser()))


def test_the_commands_of_the_design_are_there():
    assert {" ".join(command) for command in ALL} == {
        "generate", "upscale", "assist", "doctor", "serve",
        "models list", "models check",
        "gallery list", "gallery show", "gallery read", "gallery search", "gallery export", "gallery import",
        "gallery trash", "gallery restore",
        "pose render", "pose convert", "pose detect", "pose score", "pose list",
        "sweep run", "sweep status", "sweep report",
        "library search", "library check", "library import", "library export",
        "prompt parse", "prompt lint", "prompt expand", "prompt tokens",
    }  # fmt: skip


@pytest.mark.parametrize("command", ALL, ids=" ".join)
def test_every_command_explains_itself_with_an_example_and_answers_in_json(run, command: tuple[str, ...]):
    outcome = run(*command, "--help")
    assert outcome.status == 0
    assert f"example:\n  python -m studio {' '.join(command)}" in outcome.out
    assert "--json" in outcome.out


@pytest.mark.parametrize(
    "argv",
    [
        [],
        ["paint"],
        ["gallery"],
        ["gallery", "show", "one"],
        ["gallery", "list", "--limit", "0"],
        ["serve", "--port", "99999"],
        ["generate"],
        ["generate", "x", "--size", "12"],
        ["generate", "x", "--size", "axb"],
        ["generate", "x", "--steps", "many"],
        ["generate", "x", "--count", "0"],
        ["generate", "x", "--lora", "ink=strong"],
        ["generate", "x", "--control", "canny"],
        ["generate", "x", "--out", "picture.jpg"],
        ["generate", "x", "--step", "3"],
        ["generate", "x", "y"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_status_2_with_the_usage_on_stderr(run, argv: list[str]):
    outcome = run(*argv)
    assert outcome.status == 2
    assert outcome.out == ""
    assert outcome.err.startswith("usage:")
    assert "Traceback" not in outcome.err


def test_a_wrong_setting_is_said_in_two_lines(run, monkeypatch):
    monkeypatch.setenv("STUDIO_SLOTS", "lots")
    outcome = run("gallery", "list", "--json")
    assert (outcome.status, outcome.out) == (1, "")
    assert outcome.err == "STUDIO_SLOTS is 'lots'.\nSet it to a number from 0 to 64, or unset it.\n"


def test_the_version(run):
    import studio

    assert run("--version").out == f"PoseAnimeFlow Studio {studio.__version__}\n"
