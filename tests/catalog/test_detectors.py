"""Detectors: what is offered, what is taken by default, and that every published file is pinned."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from studio.catalog import detectors
from studio.catalog.control_maps import CONTROL_MAPS, find_control_map, is_ready, maps_for
from studio.catalog.detectors import (
    DETECTORS,
    default_detector,
    find_detector,
    list_detectors,
    missing_bytes,
    network_path,
    networks_of,
    suited_detector,
)
from studio.errors import UnknownName
from studio.settings import Settings

FILES = [network for spec in DETECTORS.values() for network in networks_of(spec) if network.remote]
REMOTE = {file.remote for file in FILES if file.remote} | {spec.file for spec in CONTROL_MAPS.values() if spec.file}


@pytest.fixture
def here(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A studio with an own starter folder, which is empty."""
    monkeypatch.setattr("studio.settings.PROJECT_ROOT", tmp_path)
    return settings


def put(settings: Settings, name: str) -> None:
    for network in networks_of(DETECTORS[name]):
        path = network_path(settings, network)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"onnx")


@pytest.mark.parametrize("file", sorted(REMOTE, key=lambda file: file.name), ids=lambda file: file.name)
def test_published_files_are_pinned(file):
    assert file.url.startswith("https://") and file.url.endswith(file.name)
    assert len(file.sha256) == 64 and set(file.sha256) <= set("0123456789abcdef")
    assert 1_000_000 < file.size < 400_000_000


@pytest.mark.parametrize("network", FILES, ids=lambda network: network.file)
def test_what_an_archive_holds_is_pinned_too(network):
    assert len(network.sha256) == 64 and network.size > 1_000_000
    assert bool(network.member) == network.remote.name.endswith(".zip")


def test_the_starter_is_offered_where_its_file_is(here):
    assert "starter" not in list_detectors(here)
    put(here, "starter")
    assert list_detectors(here)[-1] == "starter" and missing_bytes(here, DETECTORS["starter"]) == 0


def test_the_default_is_what_can_be_used_at_once(here):
    online = replace(here, offline=False)
    assert default_detector(here) == default_detector(online) == detectors.BEST
    put(here, "starter")
    assert default_detector(here) == "starter" and default_detector(online) == detectors.BEST
    put(here, "dwpose")
    assert default_detector(here) == default_detector(online) == "dwpose"
    put(here, "rtmw")
    assert default_detector(here) == "rtmw"


def test_the_starters_drawings_are_judged_by_its_own_detector(here):
    online = replace(here, offline=False)
    assert suited_detector(online, "starter") == detectors.BEST, "it is not there"
    put(here, "starter")
    assert suited_detector(online, "starter") == "starter"
    assert suited_detector(online, "sd15") == suited_detector(online, None) == detectors.BEST


def test_downloads_are_counted_once_for_what_is_missing(here):
    spec = DETECTORS["rtmw"]
    assert spec.person and spec.person.remote and spec.pose.remote
    assert missing_bytes(here, spec) == spec.person.remote.size + spec.pose.remote.size
    put(here, "dwpose")
    assert missing_bytes(here, spec) == spec.pose.remote.size


def test_names_are_found_as_people_type_them(here):
    assert find_detector(here, "RTMW fast") is DETECTORS["rtmw-fast"]
    with pytest.raises(UnknownName) as failed:
        find_detector(here, "starter")
    assert "starter" in failed.value.message
    with pytest.raises(UnknownName, match="soft edges of doom"):
        find_control_map("soft edges of doom")
    assert find_control_map("Lineart-Anime") is CONTROL_MAPS["lineart_anime"]


def test_maps_by_what_they_feed_and_what_they_need(here):
    assert maps_for("lineart") == ["lineart", "lineart_simple", "lineart_invert"] and maps_for("mlsd") == []
    assert is_ready(here, CONTROL_MAPS["canny"])
    for kind in ("lineart", "depth"):
        assert not is_ready(here, CONTROL_MAPS[kind])
    folder = here.models / "detectors"
    (folder / "Depth-Anything-V2-Small-hf").mkdir(parents=True)
    (folder / "Depth-Anything-V2-Small-hf" / "config.json").touch()
    (folder / "sk_model.pth").touch()
    assert is_ready(here, CONTROL_MAPS["lineart"]) and is_ready(here, CONTROL_MAPS["depth"])
