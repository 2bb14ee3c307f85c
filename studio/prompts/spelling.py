"""How texts are compared: upper and lower case, accents, underscores and widths of letters make no difference."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Combining marks that make another letter (ga from ka), not an accent on the same one.
_VOICED = frozenset("\u3099\u309a")
_KATAKANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}
_WORD = re.compile(r"[^\W_]+")


@lru_cache(maxsize=50_000)
def folded(text: str) -> str:
    """``text`` as it is compared whole: one case, one kind of blanks, no underscores, no escapes of brackets."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("\\", "").replace("_", " ")
    return " ".join(plain.split())


def plain(text: str) -> str:
    """``text`` as it is searched: besides, no accents, and hiragana as katakana."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text)
    kept = "".join(sign for sign in decomposed if sign in _VOICED or not unicodedata.combining(sign))
    return unicodedata.normalize("NFC", kept).casefold().translate(_KATAKANA)


def words(text: str) -> tuple[str, ...]:
    """The words of ``text`` as they are searched. Scripts without blanks give one word per unbroken run."""
    return tuple(_WORD.findall(plain(text)))


def is_unspaced(word: str) -> bool:
    """Whether ``word`` is of a script that writes words without blanks: Japanese, Chinese."""
    return any("\u3040" <= sign <= "\u30ff" or "\u3400" <= sign <= "\u9fff" for sign in word)
