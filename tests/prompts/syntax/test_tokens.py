"""The counter beside transformers' CLIPTokenizer, on one small vocabulary in every form it is saved in."""

import json
import random

import pytest
from tokenizers.pre_tokenizers import ByteLevel
from transformers import CLIPTokenizer

from studio.errors import InvalidRequest
from studio.prompts.syntax.tokens import estimate, load_counter

START, END = "<|startoftext|>", "<|endoftext|>"
MERGES = [
    "g i",
    "gi r",
    "gir l</w>",
    "s o",
    "so l",
    "sol o</w>",
    "h a",
    "ha i",
    "hai r</w>",
    "b l",
    "bl u",
    "blu e</w>",
]
STRINGS = [
    "",
    " ",
    "1girl, solo, blue hair",
    "1girl,solo",
    "BLUE Hair",
    "blue_hair",
    "(blue hair:1.3)",
    "it's they'll I'D",
    "wow!! really?!",
    "a\n\tb  c",
    "日本語の女の子",
    "ひらがな カタカナ",
    "😀😀 👩‍👩‍👧 🇯🇵",
    "cafe\u0301 café ﬁ İstanbul ß",
    "１２３ ٣٤ 12345",
    "a\u3000b\u00a0c\u200bd",
    f"x {START} y {END}z",
    "<|ENDOFTEXT|> <|StartOfText|>",
    "한국어 girl",
    "...---...!?!",
]


def spell() -> list[str]:
    """The 512 byte tokens CLIP's vocabulary begins with, in its order of bytes."""
    letters = sorted(ByteLevel.alphabet())
    return letters + [letter + "</w>" for letter in letters]


def save_legacy(folder, pad=END, config=True):
    """vocab.json and merges.txt, as SD1.5 checkpoints have them (``pad`` is ``!`` in SDXL's second tokenizer)."""
    folder.mkdir(exist_ok=True)
    words = [*spell(), *(merge.replace(" ", "") for merge in MERGES), START, END]
    (folder / "vocab.json").write_text(json.dumps({word: index for index, word in enumerate(words)}))
    (folder / "merges.txt").write_text("#version: 0.2\n" + "\n".join(MERGES) + "\n")
    special = {"bos_token": START, "eos_token": END, "unk_token": END}
    entries = {
        name: {"content": word, "lstrip": False, "normalized": True, "rstrip": False, "single_word": False}
        for name, word in special.items()
    }
    if config:
        (folder / "special_tokens_map.json").write_text(json.dumps({**entries, "pad_token": pad}))
        tokens = {name: {"__type": "AddedToken", **entry} for name, entry in entries.items()}
        (folder / "tokenizer_config.json").write_text(
            json.dumps({**tokens, "pad_token": pad, "tokenizer_class": "CLIPTokenizer", "model_max_length": 77})
        )
    return folder


def save_fast(folder, pad=END):
    CLIPTokenizer.from_pretrained(save_legacy(folder.with_name("source"), pad)).save_pretrained(folder)
    return folder


@pytest.fixture
def counter(tmp_path):
    counter = load_counter(save_legacy(tmp_path / "tokenizer"))
    assert counter is not None
    return counter


@pytest.mark.parametrize(
    "save",
    [
        save_legacy,
        lambda folder: save_legacy(folder, pad="!"),
        lambda folder: save_legacy(folder, config=False),
        save_fast,
        lambda folder: save_fast(folder, pad="!"),
    ],
    ids=["sd15", "sdxl-second", "bare", "fast", "fast-sdxl-second"],
)
def test_counts_like_transformers(tmp_path, save):
    folder = save(tmp_path / "tokenizer")
    theirs, ours = CLIPTokenizer.from_pretrained(folder), load_counter(folder)
    assert ours is not None
    source = random.Random(3)
    mixed = ["".join(source.choices([*"abgirl!?'.,<|> \n猫😀é１", *STRINGS], k=12)) for _ in range(300)]
    for text in STRINGS + mixed:
        assert ours.encode(text) == theirs(text, add_special_tokens=False)["input_ids"], text


def test_known_words_are_single_tokens(counter):
    assert len(counter.encode("girl solo hair blue")) == 4
    assert counter.encode(",") == [counter.comma]


def test_long_text_is_not_truncated(tmp_path):
    counter = load_counter(save_fast(tmp_path / "tokenizer"))
    assert counter is not None
    assert len(counter.encode("girl " * 500)) == 500


def test_chunk_sizes_go_the_whole_way(counter):
    assert counter.chunk_sizes("") == [0]
    assert counter.chunk_sizes("(girl:1.3), [solo] # no comment") == [3]
    assert counter.chunk_sizes("girl <lora:hair:0.5>") == [1]
    assert counter.chunk_sizes("girl BREAK blue hair") == [1, 2]
    assert counter.chunk_sizes("girl " * 76) == [75, 1]
    assert counter.chunk_sizes("girl " * 60 + ", " + "hair " * 20) == [61, 20]


def test_chunks_carry_the_weights(counter):
    (only,) = counter.chunks("girl (hair:1.3)")
    assert only.weights == (1.0, 1.3)


def test_malformed_lora_tag_is_told(counter):
    with pytest.raises(InvalidRequest):
        counter.chunk_sizes("<lora:hair:much>")


def test_checkpoint_folder_is_searched(tmp_path):
    save_legacy(tmp_path / "tokenizer")
    counter = load_counter(tmp_path)
    assert counter is not None and len(counter.encode("girl")) == 1


def test_folder_without_a_readable_tokenizer_gives_none(tmp_path):
    assert load_counter(tmp_path) is None
    assert load_counter(tmp_path / "absent") is None
    (tmp_path / "tokenizer.json").write_text("{}")
    assert load_counter(tmp_path) is None
    (tmp_path / "tokenizer.json").write_bytes(b"\xff\xfe")
    assert load_counter(tmp_path) is None


def test_estimate_counts_words_commas_and_symbols():
    assert estimate("") == 0
    assert estimate("1girl, solo, blue hair") == 7
    assert estimate("(blue hair:1.3) BREAK <lora:x:1> # nothing") == 2
    assert estimate("blue_hair") == 3
    assert estimate("猫") == 2
    assert estimate("😀" * 5) == 5
