from __future__ import annotations

from dataclasses import replace

import pytest

from studio.catalog.checkpoints import find_checkpoint
from studio.ui.generate.control_remark import missing


@pytest.mark.parametrize(
    ("checkpoint", "kind"), [("tiny-sd15", "openpose"), ("tiny-sd15", "canny"), ("tiny-sdxl", "openpose")]
)
def test_nothing_is_said_where_one_lies_ready(zoo_settings, checkpoint, kind):
    assert missing(zoo_settings, find_checkpoint(zoo_settings, checkpoint), kind, None) == ""


def test_offline_it_is_said_where_to_put_one(zoo_settings):
    said = missing(zoo_settings, find_checkpoint(zoo_settings, "tiny-sdxl"), "depth", None)
    assert "Depth" in said and "offline" in said and str(zoo_settings.models / "controlnets") in said


def test_online_it_is_said_that_one_will_be_fetched(zoo_settings):
    said = missing(replace(zoo_settings, offline=False), find_checkpoint(zoo_settings, "tiny-sd15"), "depth", None)
    assert "lllyasviel/control_v11f1p_sd15_depth" in said


@pytest.mark.parametrize(("kind", "model"), [("normal", None), ("openpose", "nowhere"), ("openpose", "openpose-sd15")])
def test_what_cannot_be_had_is_said_with_its_remedy(zoo_settings, kind, model):
    said = missing(zoo_settings, find_checkpoint(zoo_settings, "tiny-sdxl"), kind, model)
    assert len(said.split(". ")) >= 2
