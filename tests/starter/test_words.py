"""Captions and the tokenizer that reads them."""

import numpy as np
import pytest

from starter.captions import write_caption
from starter.train.tokenizer import build, encode, example_captions
from starter.words import HAIR_COLOUR
from starter.world import draw_plan

ODD = (
    "",
    " ",
    "🙂🎀✨",
    "word " * 5000,
    "x" * 10_000,
    "笑顔の女の子、公園で走る",
    "\x00\x07<|endoftext|>",
    "(masterpiece:1.2), <lora:a:1>",
)


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory):
    return build(tmp_path_factory.mktemp("tokenizer"), list(example_captions(300)))


def test_captions_name_what_matters():
    colours = outfits = 0
    for s in range(200):
        rng = np.random.default_rng(s)
        plan = draw_plan(rng)
        caption = write_caption(plan, rng)
        assert caption and caption == caption.strip() and ", ," not in caption
        colours += any(c in caption for c in HAIR_COLOUR.get(plan.who.hair, (plan.who.hair,)))
        outfits += plan.who.colour in caption
    assert colours == 200
    assert outfits > 180


def test_some_captions_are_sentences():
    captions = list(example_captions(200))
    assert 20 < sum(" with " in c for c in captions) < 80


@pytest.mark.parametrize("text", ODD, ids=range(len(ODD)))
def test_any_text_is_77_tokens(tokenizer, text):
    ids = encode(tokenizer, [text])[0]
    assert len(ids) == 77
    assert ids[0] == tokenizer.bos_token_id and ids[-1] == tokenizer.eos_token_id
    assert max(ids) < len(tokenizer)


def test_nothing_is_lost_in_short_texts(tokenizer):
    for text in ("1girl, long brown hair", "日本語 émile"):
        ids = encode(tokenizer, [text])[0]
        assert tokenizer.decode(ids, skip_special_tokens=True).replace(" ", "") == text.replace(" ", "")


def test_known_words_are_single_tokens(tokenizer):
    assert len(tokenizer("twintails").input_ids) == 3
