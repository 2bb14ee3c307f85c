"""Against ``transformers serve`` with tiny models on loopback: a server and an interface that are not ours.

One model has random weights: its words are noise, and every mode has to say so. The other one's weights are set so that
each of its tokens leads to the next of a proposal: it says that whatever it is asked.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

from studio.assistant import concessions
from studio.assistant.asking import MODES, Ask
from studio.assistant.client import Client
from studio.assistant.endpoint import endpoint
from studio.assistant.failures import AnswerUnusable, EndpointFailed, Stopped
from studio.assistant.proposing import propose
from studio.assistant.wire import Cancel
from studio.prompts.library.library import shipped
from tests.assistant.test_proposing import ASKS, VARIED

pytestmark = pytest.mark.slow
START_SECONDS = 300
END, GO = "<end>", "<go>"
TEMPLATE = "{% for message in messages %}{{ message['content'][-100:] }}\n{% endfor %}" + GO
"""A token per byte makes long messages slow, and these models would not understand them either."""


def save_model(folder: Path, answer: str | None = None) -> str:
    """A tiny Llama that says noise, or ``answer``; its name, which is its folder."""
    tokenizer, pieces = _tokenizer(answer or "")
    torch.manual_seed(0)
    width = -(-len(tokenizer) // 4) * 4
    config = LlamaConfig(
        vocab_size=width, hidden_size=width, intermediate_size=8, num_hidden_layers=1, num_attention_heads=2,
        max_position_embeddings=32768, tie_word_embeddings=False, bos_token_id=None,
        eos_token_id=tokenizer.eos_token_id, pad_token_id=tokenizer.eos_token_id,
    )  # fmt: skip
    model = LlamaForCausalLM(config)
    model.generation_config.update(do_sample=False, max_new_tokens=64)
    if answer is not None:
        _teach(model, [*tokenizer.convert_tokens_to_ids([GO, *pieces]), tokenizer.eos_token_id])
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return str(folder)


def _tokenizer(answer: str) -> tuple[PreTrainedTokenizerFast, list[str]]:
    """A token for each byte, two special ones, and one for each piece of ``answer``; and those pieces."""
    vocabulary = {letter: number for number, letter in enumerate(sorted(pre_tokenizers.ByteLevel.alphabet()))}
    pieces: list[str] = []
    for piece in _distinct(pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False).pre_tokenize_str(answer)):
        vocabulary[piece] = len(vocabulary)
        pieces.append(piece)
    tokenizer = Tokenizer(models.BPE(vocabulary, []))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)  # type: ignore[assignment]
    tokenizer.decoder = decoders.ByteLevel()  # type: ignore[assignment]
    special = {"eos_token": END, "pad_token": END, "additional_special_tokens": [GO]}
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, chat_template=TEMPLATE, **special), pieces


def _distinct(words: list[tuple[str, tuple[int, int]]]) -> list[str]:
    """The text of ``words`` in pieces of two letters or more, no two alike."""
    text, pieces, start = "".join(word for word, _ in words), [], 0
    while start < len(text):
        end = start + 2
        while end < len(text) and (text[start:end] in pieces or end == len(text) - 1):
            end += 1
        pieces.append(text[start:end])
        start = end
    return pieces


@torch.no_grad()
def _teach(model: LlamaForCausalLM, chain: list[int]) -> None:
    """Each token of ``chain`` leads to the next: embeddings are unit vectors, and the layer between adds nothing."""
    layer = model.model.layers[0]
    layer.self_attn.o_proj.weight.zero_()
    layer.mlp.down_proj.weight.zero_()
    model.model.embed_tokens.weight.copy_(torch.eye(model.config.hidden_size))
    model.lm_head.weight.zero_()
    for token, following in itertools.pairwise(chain):
        model.lm_head.weight[following, token] = 1.0


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The server's address. It loads the model that a request names."""
    folder = tmp_path_factory.mktemp("serve")
    (folder / "cache").mkdir()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    program = Path(sys.executable).parent / "transformers"
    log = folder / "log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [program, "serve", "--host", "127.0.0.1", "--port", str(port), "--device", "cpu"],
            stdout=out, stderr=out, env=os.environ | {"HF_HUB_CACHE": str(folder / "cache")},
        )  # fmt: skip
        try:
            _wait(process, port, log)
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            process.kill()  # asked politely, it would first finish the answer that was hung up on
            process.wait()


@pytest.fixture(scope="module")
def noise(tmp_path_factory: pytest.TempPathFactory) -> str:
    return save_model(tmp_path_factory.mktemp("noise"))


@pytest.fixture(scope="module")
def taught(tmp_path_factory: pytest.TempPathFactory) -> str:
    return save_model(tmp_path_factory.mktemp("taught"), json.dumps(VARIED))


def _wait(server: subprocess.Popen, port: int, log: Path) -> None:
    ends = time.monotonic() + START_SECONDS
    while time.monotonic() < ends and server.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    pytest.fail(f"transformers serve did not start: {log.read_text(errors='replace')[-2000:]}")


@pytest.mark.parametrize("mode", MODES)
def test_noise_is_not_usable_and_at_hand(server: str, noise: str, mode: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(concessions, "ANSWER_TOKENS", 24)  # noise has no end of its own
    came: list[str] = []
    with pytest.raises(AnswerUnusable) as failure:
        propose(Client(endpoint(server, noise)), Ask(mode, **ASKS[mode]), shipped(), on_text=came.append)
    assert failure.value.message and failure.value.hint and failure.value.raw.startswith(came[-1][:20] or came[0])
    assert len(came) > 5  # it streamed


@pytest.mark.parametrize("mode", MODES)
def test_a_proposal_comes_through(server: str, taught: str, mode: str):
    came: list[str] = []
    outcome = propose(Client(endpoint(server, taught)), Ask(mode, **ASKS[mode]), shipped(), on_text=came.append)
    assert outcome.proposal.prompts == ("1girl, jogging, park", "1girl, jogging, beach") and not outcome.flags
    assert outcome.raw == json.dumps(VARIED) and len(came) > 20


def test_its_list_of_models_and_its_errors_are_understood(server: str):
    assert Client(endpoint(server)).models() == ()
    with pytest.raises(EndpointFailed) as failure:
        Client(endpoint(server, "nobody/has-this-model")).answer([{"role": "user", "content": "hi"}])
    assert failure.value.message and failure.value.hint


def test_it_is_hung_up_on(server: str, noise: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(concessions, "ANSWER_TOKENS", 200)
    cancel = Cancel()
    with pytest.raises(Stopped) as stopped:
        Client(endpoint(server, noise)).answer(
            [{"role": "user", "content": "hi"}], on_text=lambda _: cancel.cancel(), cancel=cancel
        )
    assert stopped.value.raw
