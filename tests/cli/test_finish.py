"""Hires and upscale flags of ``generate``, down to the request."""

from __future__ import annotations

import argparse

import pytest

from studio.cli import finish
from studio.errors import InvalidRequest
from studio.request import GenerationRequest, HiresPass, UpscalePass


@pytest.fixture
def passes(settings, monkeypatch, tmp_path):
    monkeypatch.setattr("studio.settings.PROJECT_ROOT", tmp_path / "no-starter")
    parser = argparse.ArgumentParser(allow_abbrev=False)
    finish.add_flags(parser)

    def made(*flags: str) -> GenerationRequest:
        fields = finish.passes(parser.parse_args(flags), settings)
        return GenerationRequest.build(checkpoint="any", seed=1, **fields)

    return made


@pytest.mark.parametrize(
    ("flags", "hires", "upscale"),
    [
        ([], None, None),
        (["--hires", "1.5"], HiresPass(scale=1.5), None),
        (["--hires", "768x1024", "--hires-strength", "0.3"], HiresPass(width=768, height=1024, strength=0.3), None),
        (["--hires", "2", "--hires-steps", "9", "--hires-upscaler", "a"], HiresPass(steps=9, upscaler="a"), None),
        (["--upscale-to", "1024"], None, UpscalePass(side=1024)),
        (["--upscale", "3", "--upscaler", "a"], None, UpscalePass(scale=3, upscaler="a")),
        (["--hires", "2", "--upscale", "900x700"], HiresPass(), UpscalePass(width=900, height=700)),
    ],
)
def test_flags_become_passes(passes, flags, hires, upscale):
    request = passes(*flags)
    assert request.hires == hires and request.upscale == upscale


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (["--hires-strength", "0.3"], "without --hires"),
        (["--upscaler", "a"], "without a target"),
        (["--upscale", "2", "--upscale-to", "1024"], "exactly one target"),
        (["--hires", "9"], "out of range"),
    ],
)
def test_flags_that_do_not_fit_are_refused(passes, flags, words):
    with pytest.raises(InvalidRequest, match=words) as refused:
        passes(*flags)
    assert refused.value.hint
