"""How many tokens a prompt takes, counted with the text encoder's own tokenizer and without transformers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tokenizers import AddedToken, Regex, Tokenizer, normalizers, pre_tokenizers
from tokenizers.models import BPE

from studio.prompts.syntax import attention, chunks, comments

_END = "<|endoftext|>"
_SPECIAL_NAMES = ("bos_token", "eos_token", "unk_token", "pad_token")
_SPECIAL_DEFAULTS = {"bos_token": "<|startoftext|>", "eos_token": _END, "unk_token": _END, "pad_token": _END}
_ADDED_FIELDS = ("single_word", "lstrip", "rstrip", "normalized", "special")
# CLIP's own pattern: special tokens, English contractions, runs of letters, single digits, runs of anything else.
_CLIP_PIECES = r"<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"
_ROUGH_PIECES = re.compile(r"[a-zA-Z]+|[^\W\d_]|\d|[^\w\s]+|_+")


class TokenCounter:
    """Counts and cuts prompts as the engine will."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        tokenizer.no_truncation()
        tokenizer.no_padding()
        self._tokenizer = tokenizer
        self.comma: int | None = tokenizer.token_to_id(",</w>")

    def encode(self, text: str) -> list[int]:
        """Token ids of ``text``, without start and end tokens, however many there are."""
        return self._tokenizer.encode(text, add_special_tokens=False).ids

    def starts(self, text: str) -> list[int]:
        """Where in ``text`` each token of :meth:`encode` begins."""
        return [start for start, _ in self._tokenizer.encode(text, add_special_tokens=False).offsets]

    def chunks(self, prompt: str) -> list[chunks.Chunk]:
        """What the engine will encode; see :func:`studio.prompts.syntax.chunks.of_prompt`."""
        return chunks.of_prompt(prompt, self.encode, self.comma)

    def chunk_sizes(self, prompt: str) -> list[int]:
        """Tokens in each chunk, 0–75, at least one chunk. Raises as :meth:`chunks`."""
        return [len(chunk.tokens) for chunk in self.chunks(prompt)]


def load_counter(folder: str | Path) -> TokenCounter | None:
    """The counter for a tokenizer folder, or for a checkpoint folder that has one in ``tokenizer/``.

    Reads ``tokenizer.json``, or ``vocab.json`` with ``merges.txt``. None if there is no readable tokenizer.
    """
    for place in (Path(folder), Path(folder) / "tokenizer"):
        try:
            tokenizer = _load(place)
        except Exception:  # the tokenizers library raises bare Exception for a damaged file
            return None
        if tokenizer is not None:
            return TokenCounter(tokenizer)
    return None


def estimate(prompt: str) -> int:
    """A rough token count over all chunks, for when there is no tokenizer; say so where it is shown. Never fails."""
    text = re.sub(r"<\w+:[^<>]*>", "", comments.strip(prompt))
    words = " ".join(part for part, weight in attention.parse(text) if (part, weight) != attention.BREAK)
    return sum(_rough_size(piece) for piece in _ROUGH_PIECES.findall(words))


def _rough_size(piece: str) -> int:
    if piece.isascii():
        return 1 + (len(piece) - 1) // 10 if piece.isalpha() else 1
    return 2 if piece.isalpha() else len(piece)  # kana, kanji and emoji are spelt in bytes


def _load(folder: Path) -> Tokenizer | None:
    whole, vocabulary, merges = folder / "tokenizer.json", folder / "vocab.json", folder / "merges.txt"
    if whole.is_file():
        tokenizer = Tokenizer.from_file(str(whole))
    elif vocabulary.is_file() and merges.is_file():
        tokenizer = _clip_tokenizer(vocabulary, merges)
    else:
        return None
    known = {token.content for token in tokenizer.get_added_tokens_decoder().values()}
    tokenizer.add_tokens(list(_added_tokens(folder, known)))
    return tokenizer


def _clip_tokenizer(vocabulary: Path, merges: Path) -> Tokenizer:
    tokenizer = Tokenizer(
        BPE.from_file(
            str(vocabulary),
            str(merges),
            unk_token=_END,
            continuing_subword_prefix="",
            end_of_word_suffix="</w>",
            fuse_unk=False,
        )
    )
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Lowercase()]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(_CLIP_PIECES), behavior="removed", invert=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False),
        ]
    )
    return tokenizer


def _added_tokens(folder: Path, known: set[str]) -> Iterator[AddedToken]:
    """Tokens that are matched before anything else. SDXL's second tokenizer pads with ``!`` and so makes it one."""
    config = {
        **_SPECIAL_DEFAULTS,
        **_json(folder / "special_tokens_map.json"),
        **_json(folder / "tokenizer_config.json"),
    }
    listed = [_added(entry) for entry in config.get("added_tokens_decoder", {}).values()]
    named = [_added(config[name]) for name in _SPECIAL_NAMES if config[name] is not None]
    known = known | {token.content for token in listed}
    yield from listed
    yield from (token for token in named if token.content not in known)


def _added(entry: str | dict[str, Any]) -> AddedToken:
    if isinstance(entry, str):
        return AddedToken(entry, special=True, normalized=False)
    return AddedToken(entry["content"], **{field: entry[field] for field in _ADDED_FIELDS if field in entry})


def _json(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text("utf-8")) if path.is_file() else {}
