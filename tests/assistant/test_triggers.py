"""Trigger words come from the LoRA's own file; what cannot be read has none."""

from __future__ import annotations

import torch
from safetensors.torch import save_file

from studio.assistant import triggers


def lora(settings, name: str, metadata: dict[str, str] | None = None) -> None:
    folder = settings.models / "loras"
    folder.mkdir(parents=True, exist_ok=True)
    save_file({"lora_unet_x.lora_down.weight": torch.zeros(4, 4)}, folder / f"{name}.safetensors", metadata)


def test_words_of_tagged_and_picked_loras(settings):
    lora(settings, "ink", {triggers.PHRASE: "inkwash style, , sumi"})
    lora(settings, "hero", {triggers.PHRASE: "hero suit"})
    lora(settings, "plain")
    found = triggers.of_prompt(settings, "1girl, <lora:ink:0.8>, <lora:plain:1>", picked=["hero", "ink"])
    assert found == ("hero suit", "inkwash style", "sumi")


def test_what_cannot_be_read_has_none(settings):
    lora(settings, "long", {triggers.PHRASE: "x" * 500})
    (settings.models / "loras" / "broken.safetensors").write_bytes(b"no weights")
    prompt = "<lora:long:1> <lora:broken:1> <lora:nowhere:1>"
    assert triggers.of_prompt(settings, prompt) == ()
    assert triggers.of_prompt(settings, "<lora:ink:none>") == ()
