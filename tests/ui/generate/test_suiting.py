"""A checkpoint's own values are offered while the form's size does not suit it, and one click puts them in."""

from __future__ import annotations

import pytest

from studio.catalog.families import FAMILIES, SD15, SDXL, STARTER
from studio.ui.generate import suiting
from studio.ui.generate.draft import Draft


@pytest.mark.parametrize("family", FAMILIES.values())
def test_what_is_offered_suits_and_is_a_draft(family):
    values = suiting.values(family)
    assert suiting.suits(family, values["width"], values["height"])
    assert Draft.from_values(values) == Draft(**values)


def test_sizes_of_another_family_do_not_suit():
    assert not suiting.suits(SDXL, 512, 512)
    assert not suiting.suits(STARTER, 512, 512)
    assert not suiting.suits(SD15, 128, 128)
