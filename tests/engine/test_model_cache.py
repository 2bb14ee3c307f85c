"""The cache keeps what fits and what is in use."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.engine.model_cache import ModelCache


def _loader(loads: list[str], key: str) -> Callable[[], str]:
    def load() -> str:
        loads.append(key)
        return key * 2

    return load


@pytest.fixture
def loads() -> list[str]:
    return []


def _get(cache: ModelCache, loads: list[str], key: str, size: int = 10) -> str:
    return cache.get(key, _loader(loads, key), lambda model: size)


def test_a_model_loads_once(loads: list[str]) -> None:
    cache = ModelCache(100)
    assert _get(cache, loads, "a") == _get(cache, loads, "a") == "aa"
    assert loads == ["a"]


def test_the_least_recently_used_leaves_first(loads: list[str]) -> None:
    cache = ModelCache(20, release=int)
    for key in ("a", "b", "a", "c"):
        _get(cache, loads, key)
    assert cache.keys == ("a", "c")
    assert cache.used == 20


def test_what_is_in_use_stays(loads: list[str]) -> None:
    cache = ModelCache(20, release=int)
    _get(cache, loads, "a")
    cache.pin("a")
    cache.pin("a")
    for key in ("b", "c"):
        _get(cache, loads, key)
    assert cache.keys == ("a", "c")
    cache.unpin("a")
    assert cache.clear() == 10
    assert cache.keys == ("a",)
    cache.unpin("a")
    assert cache.clear() == 10


def test_memory_is_given_back_when_models_leave(loads: list[str]) -> None:
    released: list[str] = []
    cache = ModelCache(20, release=lambda: released.append("once"))
    _get(cache, loads, "a")
    assert released == []
    cache.clear()
    assert released == ["once"]


def test_a_model_larger_than_the_budget_stands_alone(loads: list[str]) -> None:
    cache = ModelCache(20, release=int)
    _get(cache, loads, "a")
    assert _get(cache, loads, "huge", 500) == "hugehuge"
    assert cache.keys == ("huge",)


def test_room_is_made_before_loading(loads: list[str]) -> None:
    cache = ModelCache(20, release=int)
    _get(cache, loads, "a")
    _get(cache, loads, "b")
    used_while_loading = []
    cache.get("c", lambda: used_while_loading.append(cache.used), lambda model: 15, expected=15)
    assert used_while_loading == [0]


def test_a_failed_load_leaves_no_trace(loads: list[str]) -> None:
    cache = ModelCache(20, release=int)

    def fail() -> str:
        raise ValueError("broken")

    with pytest.raises(ValueError):
        cache.get("a", fail, lambda model: 10)
    assert cache.keys == ()
    assert _get(cache, loads, "a") == "aa"


@given(
    st.lists(
        st.tuples(st.sampled_from("abcdef"), st.integers(1, 40), st.sampled_from(["get", "pin", "unpin"])), max_size=40
    )
)
def test_the_budget_holds_but_for_what_is_in_use(steps: list[tuple[str, int, str]]) -> None:
    cache = ModelCache(60, release=int)
    pinned: dict[str, int] = {}
    sizes: dict[str, int] = {}
    for key, size, action in steps:
        if action == "get":
            loading = key not in cache.keys
            if loading:
                sizes[key] = size
            cache.get(key, lambda key=key: key, lambda model, size=size: size)
            in_use = {other for other, count in pinned.items() if count}
            assert in_use <= set(cache.keys)
            assert not loading or cache.used <= 60 or set(cache.keys) <= in_use | {key}
        elif action == "pin" and key in cache.keys:
            cache.pin(key)
            pinned[key] = pinned.get(key, 0) + 1
        elif action == "unpin" and pinned.get(key):
            cache.unpin(key)
            pinned[key] -= 1
        assert cache.used == sum(sizes[other] for other in cache.keys)
