"""Devices are chosen by what is here and what the settings say."""

from dataclasses import replace

import pytest
import torch

from studio.catalog.families import SD15, SDXL
from studio.engine.device import DeviceFacts, choose_devices, choose_dtype, default_slots, total_memory, versions
from studio.errors import StudioError
from studio.settings import Settings

GB = 1_000_000_000


def test_auto_names_only_devices_that_work(settings: Settings) -> None:
    for device in choose_devices(replace(settings, device="auto")):
        assert torch.zeros(1, device=device).item() == 0


def test_a_list_of_devices_is_taken_as_it_stands(settings: Settings) -> None:
    assert choose_devices(replace(settings, device="cpu, cpu")) == ["cpu"]


@pytest.mark.parametrize("device", ["cuda:99", "tpu", "cuda:x", "cuda:-1"])
def test_a_device_that_is_not_here_is_refused(settings: Settings, device: str) -> None:
    with pytest.raises(StudioError) as refused:
        choose_devices(replace(settings, device=device))
    assert "cpu" in refused.value.hint


def test_precision_follows_the_device_unless_it_is_set(settings: Settings) -> None:
    auto = replace(settings, dtype="auto")
    assert choose_dtype(auto, "cpu") == torch.float32
    assert choose_dtype(auto, "cuda:0") == torch.float16
    assert choose_dtype(replace(settings, dtype="bfloat16"), "cuda:0") == torch.bfloat16


@pytest.mark.parametrize(
    ("family", "device", "gigabytes", "slots"),
    [
        (SD15, "cpu", 16, 1),
        (SD15, "mps", 16, 1),
        (SD15, "cuda:0", 8, 4),
        (SD15, "cuda:0", 24, 16),
        (SD15, "cuda:0", 141, 16),
        (SDXL, "cuda:0", 8, 1),
        (SDXL, "cuda:0", 24, 2),
        (SDXL, "cuda:0", 141, 8),
        (SD15, "cuda:0", 0, 1),
    ],
)
def test_default_slots_fit_the_memory(family, device: str, gigabytes: int, slots: int) -> None:
    assert default_slots(family, device, gigabytes * GB) == slots


def test_larger_pictures_get_fewer_slots_and_smaller_ones_no_more() -> None:
    assert default_slots(SD15, "cuda:0", 24 * GB, 1024, 1024) == 4
    assert default_slots(SD15, "cuda:0", 24 * GB, 256, 256) == 16


def test_facts_of_the_cpu(settings: Settings) -> None:
    facts = DeviceFacts.measure(settings, "cpu")
    assert facts.dtype == torch.float32
    assert facts.slots == facts.slots_for(SDXL, 2048, 2048) == 2
    assert 0 < facts.budget < facts.total_bytes == total_memory("cpu")
    described = facts.describe()
    assert described["versions"]["torch"] == versions()["torch"]
    assert described["dtype"] == "float32"
    assert DeviceFacts.measure(replace(settings, memory_budget_gb=2), "cpu").budget == 2 * GB
