"""Prompt embeddings: weights act where they should, late tokens matter, short prompts are padded, caching is exact."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
import torch

from studio.catalog.checkpoints import find_checkpoint
from studio.engine.loading import load_checkpoint
from studio.engine.text import Script, TextEncoder
from studio.request import GenerationRequest
from studio.settings import Settings

LONG = ", ".join(["red hair"] * 100)  # 300 tokens


@pytest.fixture(scope="module", params=["tiny-sd15", "tiny-sdxl"])
def encoder(request, model_zoo, tmp_path_factory) -> TextEncoder:
    settings = Settings(home=tmp_path_factory.mktemp("home"), models=model_zoo, device="cpu", offline=True)
    checkpoint = find_checkpoint(settings, request.param)
    return TextEncoder(load_checkpoint(checkpoint, settings, "cpu", torch.float32, lambda text: None))


def script(encoder: TextEncoder, prompt: str, negative: str = "boy", second: bool = False, **fields) -> Script:
    request = GenerationRequest.build(checkpoint="x", seed=0, prompt=prompt, negative_prompt=negative, **fields)
    return encoder.encode(request, second)


def encode(encoder: TextEncoder, prompt: str, negative: str = "boy", **fields) -> SimpleNamespace:
    """Of the first step: both prompts' hidden states and the prompt's pooled vector."""
    first = script(encoder, prompt, negative, **fields).at(1)
    return SimpleNamespace(
        negative=first.hidden[:1],
        positive=first.hidden[1:],
        pooled=None if first.pooled is None else first.pooled[1:],
    )


def test_both_prompts_have_the_length_of_the_longer(encoder):
    text = encode(encoder, LONG)
    assert text.positive.shape == text.negative.shape
    assert text.positive.shape[1] == 77 * 4


def test_token_200_of_300_matters(encoder):
    late = LONG.replace("red hair", "blue hair", 67).replace("blue hair", "red hair", 66)  # only token 198 differs
    difference = (encode(encoder, LONG).positive - encode(encoder, late).positive).abs().amax(dim=(0, 2))
    changed = torch.nonzero(difference > 1e-5).flatten()
    assert len(changed)
    assert changed.min() >= 77 * 2


def halves(encoder: TextEncoder, hidden: torch.Tensor) -> list[torch.Tensor]:
    """Per text encoder its own hidden states, (tokens, width): each keeps its own mean."""
    widths = [part.config.hidden_size for part in encoder._checkpoint.text_encoders]
    return list(hidden[0].double().split(widths, dim=-1))


def test_a_weight_scales_its_own_tokens(encoder):
    plain = halves(encoder, encode(encoder, "red hair, blue eyes").positive)
    strong = halves(encoder, encode(encoder, "red hair, (blue eyes:1.5)").positive)
    for before, after in zip(plain, strong, strict=True):
        # Restoring the mean scales all tokens alike; relative to the first one only the weighted ones have grown.
        ratio = (after / before).mean(dim=-1)[:6]
        assert torch.allclose(ratio / ratio[0], torch.tensor([1, 1, 1, 1, 1.5, 1.5]).double(), atol=1e-4)


def test_weights_keep_the_mean(encoder):
    plain = halves(encoder, encode(encoder, "red hair, sky").positive)
    weighted = halves(encoder, encode(encoder, "(red hair:1.3), [sky]").positive)
    for before, after in zip(plain, weighted, strict=True):
        assert abs(before.mean() - after.mean()) < 1e-6 * before.abs().mean()
        assert not torch.allclose(before, after)


def test_break_starts_a_new_chunk(encoder):
    assert encode(encoder, "red hair BREAK blue eyes").positive.shape[1] == 2 * 77


def test_lora_tags_and_comments_are_not_words(encoder):
    expected = encode(encoder, "red hair").positive
    assert torch.equal(encode(encoder, "red hair<lora:anything:0.4>").positive, expected)


def test_the_cache_gives_what_encoding_gives(encoder):
    first = encode(encoder, "red hair")
    runs = []
    hooks = [part.register_forward_hook(lambda *_: runs.append(1)) for part in encoder._checkpoint.text_encoders]
    assert torch.equal(encode(encoder, "red hair").positive, first.positive)
    assert not runs
    encoder.forget()
    assert torch.equal(encode(encoder, "red hair").positive, first.positive)
    assert len(runs) == 2 * len(hooks)  # the prompt and the negative prompt
    for hook in hooks:
        hook.remove()


def test_stretches_are_encoded_once_and_switch_after_their_step(encoder):
    turns = script(encoder, "[red|blue] hair", steps=9)
    assert turns.at(1) is turns.at(3) and turns.at(2) is turns.at(8)
    assert torch.equal(turns.at(1).hidden[1:], encode(encoder, "red hair").positive)
    assert torch.equal(turns.at(2).hidden[1:], encode(encoder, "blue hair").positive)
    switch = script(encoder, "[red:blue:4] hair", steps=9)
    assert [switch.at(step) is switch.at(1) for step in range(1, 10)] == [step <= 4 for step in range(1, 10)]


def test_the_hires_pass_counts_on(encoder):
    fields = {"steps": 10, "hires": {"strength": 0.5}}
    first = script(encoder, "[red:blue:1.6] hair", **fields)
    second = script(encoder, "[red:blue:1.6] hair", second=True, **fields)
    assert all(first.at(step) is first.at(1) for step in range(1, 11))
    assert [second.at(step) is second.at(1) for step in range(1, 6)] == [True, True, True, False, False]


def test_parts_of_and_are_rows_of_equal_length(encoder):
    both = script(encoder, f"red hair AND {LONG} :0.3").at(1)
    assert both.hidden.shape[:2] == (3, 77 * 4) and both.weights == (1.0, 0.3) and both.guided
    assert not script(encoder, "red hair", guidance_scale=1).at(1).guided
    assert script(encoder, "red hair AND sky", guidance_scale=1).at(1).guided


def test_a_negative_prompt_that_starts_empty_is_no_empty_negative_prompt(encoder):
    later = script(encoder, "red hair", "[boy:5]").at(1)
    assert later.hidden[0].any()


def test_clip_skip_changes_sd15_and_is_a_default_in_sdxl(encoder):
    same = torch.equal(encode(encoder, "red hair").positive, encode(encoder, "red hair", clip_skip=2).positive)
    assert same == (len(encoder._checkpoint.text_encoders) == 2)
    assert not torch.equal(encode(encoder, "red hair").positive, encode(encoder, "red hair", clip_skip=3).positive)


@pytest.mark.parametrize("text", ["", "🌸👘✨", "赤い髪の女の子", "((((", "a" * 10_000, "\n\t", "\\"])
def test_any_text_can_be_encoded(encoder, text):
    assert torch.isfinite(encode(encoder, text, negative=text).positive).all()


def test_sdxl_pools_the_first_chunk_and_zeroes_an_empty_negative(encoder):
    if len(encoder._checkpoint.text_encoders) == 1:
        assert encode(encoder, "red hair").pooled is None
        return
    short, long = encode(encoder, "red hair"), encode(encoder, "red hair BREAK blue eyes")
    assert torch.equal(short.pooled, long.pooled)
    assert not encode(encoder, "red hair", negative="").negative.any()
