import pytest


def test_parse_gives_segments_and_loras(run):
    outcome = run("prompt", "parse", "a (red:1.3) [hat] BREAK sky <lora:ink:0.8>", "--json")
    assert outcome.status == 0
    assert outcome.document["loras"] == [["ink", 0.8]]
    words = [[text, round(weight, 4)] for text, weight in outcome.document["attention"]]
    assert words == [["a ", 1.0], ["red", 1.3], [" ", 1.0], ["hat", 0.9091], ["", 1.0], ["BREAK", -1.0], ["sky ", 1.0]]


def test_parse_for_people(run):
    outcome = run("prompt", "parse", "a (red) <lora:ink:0.8>")
    assert outcome.out.splitlines() == [" 1.000  a ", " 1.100  red", " 1.000   ", "LoRA ink: 0.8"]


def test_parse_gives_the_schedule(run):
    outcome = run("prompt", "parse", "a [cat:dog:0.5] <lora:ink:0.8>", "--steps", "20", "--json")
    assert outcome.document["schedule"] == [[10, "a cat "], [20, "a dog "]]
    assert "up to step 10: a cat" in run("prompt", "parse", "a [cat:dog:0.5]", "--steps", "20").out
    assert run("prompt", "parse", "a", "--steps", "0").status == 2


def test_parse_takes_and_apart_and_leaves_comments_out(run):
    outcome = run("prompt", "parse", "a cat AND rain :0.4 # <lora:off:1>", "--json")
    assert outcome.document["parts"] == [["a cat ", 1.0], [" rain", 0.4]]
    assert outcome.document["loras"] == []
    assert "0.400  rain" in run("prompt", "parse", "a cat AND rain :0.4").out


def test_a_wrong_lora_weight_is_said(run):
    outcome = run("prompt", "parse", "<lora:ink:strong>", "--json")
    assert (outcome.status, outcome.out) == (1, "")
    assert "not a number" in outcome.err


@pytest.mark.parametrize("text", ["", "🌸" * 50, "走る少女", "x" * 10_000, "((((", "a\udc80b"])
def test_any_text_is_read(run, text: str):
    assert run("prompt", "parse", text, "--json").document["loras"] == []
    assert run("prompt", "tokens", text, "--json").document["tokens"] >= 0


def test_tokens_are_estimated_without_a_checkpoint(run):
    outcome = run("prompt", "tokens", "1girl, running, park", "--json")
    assert outcome.document["estimated"]
    assert outcome.document["chunks"] == 1
    assert "estimate" in run("prompt", "tokens", "1girl").out


def test_tokens_are_counted_with_the_checkpoints_own_tokenizer(run, zoo):
    outcome = run("prompt", "tokens", "girl, " * 60, "--checkpoint", "tiny-sd15", "--json")
    assert outcome.document == {
        "tokenizer": "tiny-sd15",
        "estimated": False,
        "tokens": 120,
        "chunks": 2,
        "chunk_sizes": outcome.document["chunk_sizes"],
    }
    assert sum(outcome.document["chunk_sizes"]) == 120
    assert run("prompt", "tokens", "girl, girl").out == "3 tokens: 3/75 (tiny-sd15)\n"


def test_an_unknown_checkpoint_is_said(run, zoo):
    outcome = run("prompt", "tokens", "girl", "--checkpoint", "tiny-sd16")
    assert outcome.status == 1
    assert "Did you mean tiny-sd15" in outcome.err
