"""Prompt embeddings by the A1111 rules: weighted tokens, 75-token chunks, clip skip, schedules, ``AND``.

The text side (brackets, schedules, chunking) lives in ``studio.prompts``; here tokens become tensors.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch

from studio.engine.loaded import LoadedCheckpoint
from studio.engine.steps import hires_steps, pass_steps
from studio.prompts.syntax import attention, chunks, reading
from studio.prompts.syntax.chunks import Chunk
from studio.prompts.syntax.reading import Walk
from studio.request import GenerationRequest

CHUNK_TOKENS = 75
CACHED_TEXTS = 64
COUNTED_TEXTS = 1024

Encoded = tuple[torch.Tensor, torch.Tensor | None]
"""Hidden states (1, 77 * chunks, width) and, for SDXL, the pooled vector (1, projection)."""


@dataclass(frozen=True, slots=True, eq=False)
class Conditioning:
    """What the model is told at one step: a row for the negative prompt where there is one, then one per part."""

    hidden: torch.Tensor
    """(rows, 77 * chunks, width)"""
    pooled: torch.Tensor | None
    """(rows, projection), SDXL only"""
    weights: tuple[float, ...]
    """Of the parts that ``AND`` joins; one part of weight 1 without it."""

    @property
    def rows(self) -> int:
        return len(self.hidden)

    @property
    def guided(self) -> bool:
        """Whether the first row is the negative prompt's."""
        return self.rows > len(self.weights)


class Script:
    """What one pass tells the model, step by step. Every step has the same number of rows."""

    def __init__(self, stretches: Sequence[tuple[int, Conditioning]]) -> None:
        self._ends = [end for end, _ in stretches]
        self._conditionings = [conditioning for _, conditioning in stretches]

    def at(self, step: int) -> Conditioning:
        """What holds at ``step``, from 1."""
        return self._conditionings[min(bisect_left(self._ends, step), len(self._ends) - 1)]


class TextEncoder:
    """Encodes prompts with one checkpoint's text encoders and remembers the last few."""

    def __init__(self, checkpoint: LoadedCheckpoint) -> None:
        self._checkpoint = checkpoint
        self._cache: OrderedDict[tuple, Encoded] = OrderedDict()
        self._counts: dict[str, int] = {}

    def chunk_count(self, request: GenerationRequest) -> int:
        """Chunks of 75 tokens after the shorter prompts were padded: part of the batch key.

        Over all stretches of all passes, as a cell keeps its shape until its picture is finished.
        """
        return max(self._count(text) for walk in walks(request) for text in _texts(request, walk))

    def encode(self, request: GenerationRequest, second: bool = False) -> Script:
        """Embeddings for ``request``'s first pass, or its hires pass, all padded to equal length with empty chunks."""
        walk, count = walks(request)[1 if second else 0], self.chunk_count(request)
        parts = reading.parts(request.prompt, walk)
        negative = reading.stretches(request.negative_prompt, walk) if guided(request) else ()
        sides = [part.stretches for part in parts] + [negative] * bool(negative)
        known: dict[tuple[str, ...], Conditioning] = {}
        stretches = []
        for end in sorted({end for side in sides for end, _ in side}):
            texts = tuple(_text_at(side, end) for side in sides)
            if texts not in known:
                known[texts] = self._conditioning(request, texts, tuple(part.weight for part in parts), count)
            stretches.append((end, known[texts]))
        return Script(stretches)

    def _conditioning(
        self, request: GenerationRequest, texts: Sequence[str], weights: tuple[float, ...], count: int
    ) -> Conditioning:
        """``texts``: one for each of ``weights``, and the negative prompt's where there is one."""
        rows = [self._encoded(text, count, request.clip_skip) for text in texts]
        if len(texts) > len(weights):
            hidden, pooled = rows.pop()
            if pooled is not None and not request.negative_prompt.strip():
                # SDXL was trained with zeros in place of an empty text; A1111 and diffusers agree on this.
                hidden, pooled = torch.zeros_like(hidden), torch.zeros_like(pooled)
            rows.insert(0, (hidden, pooled))
        pooled = [vector for _, vector in rows if vector is not None]
        return Conditioning(torch.cat([row for row, _ in rows]), torch.cat(pooled) if pooled else None, weights)

    def forget(self) -> None:
        """Drop all cached embeddings (the encoders' weights have changed, e.g. by a LoRA)."""
        self._cache.clear()

    def _encoded(self, text: str, count: int, clip_skip: int) -> Encoded:
        key = (text, count, clip_skip)
        if key not in self._cache:
            self._cache[key] = self._encode(text, count, clip_skip)
            while len(self._cache) > CACHED_TEXTS:
                self._cache.popitem(last=False)
        self._cache.move_to_end(key)
        return self._cache[key]

    @torch.inference_mode()
    def _encode(self, text: str, count: int, clip_skip: int) -> Encoded:
        widths, pooled = [], None
        pairs = zip(self._checkpoint.tokenizers, self._checkpoint.text_encoders, strict=True)
        for tokenizer, encoder in pairs:
            parts = self._chunks(text, tokenizer)
            parts += [Chunk((), ())] * (count - len(parts))
            encoded = [self._encode_chunk(part, tokenizer, encoder, clip_skip) for part in parts]
            widths.append(torch.cat([hidden for hidden, _ in encoded], dim=1))
            pooled = encoded[0][1]  # of the last encoder, from its first chunk
        return torch.cat(widths, dim=-1), pooled

    def _count(self, text: str) -> int:
        """Chunks of ``text`` in the tokenizer that makes the most of it."""
        if text not in self._counts:
            if len(self._counts) >= COUNTED_TEXTS:
                self._counts.clear()
            self._counts[text] = max(len(self._chunks(text, tokenizer)) for tokenizer in self._checkpoint.tokenizers)
        return self._counts[text]

    def _chunks(self, text: str, tokenizer) -> list[Chunk]:
        def tokenize(piece: str) -> list[int]:
            return tokenizer(piece, add_special_tokens=False, truncation=False, verbose=False).input_ids

        return chunks.chunk(attention.parse(text), tokenize, tokenizer.get_vocab().get(",</w>"))

    def _encode_chunk(self, part: Chunk, tokenizer, encoder, clip_skip: int):
        """Hidden states (1, 77, width) of one chunk and, for SDXL's second encoder, its pooled vector."""
        padding = CHUNK_TOKENS - len(part.tokens)
        ids = [tokenizer.bos_token_id, *part.tokens, tokenizer.eos_token_id, *[tokenizer.pad_token_id] * padding]
        output = encoder(torch.tensor([ids], device=encoder.device), output_hidden_states=True)
        if len(self._checkpoint.text_encoders) > 1:
            # SDXL reads the penultimate layer, un-normalised; "clip skip 2" is another name for that default.
            hidden = output.hidden_states[-max(clip_skip, 2)]
        elif clip_skip == 1:
            hidden = output.last_hidden_state
        else:
            hidden = getattr(encoder, "text_model", encoder).final_layer_norm(output.hidden_states[-clip_skip])
        return _weighted(hidden, part.weights), getattr(output, "text_embeds", None)


def walks(request: GenerationRequest) -> tuple[Walk, ...]:
    """The steps of the first pass and, where there is one, of the hires pass."""
    first = Walk(pass_steps(request))
    return (first, Walk(hires_steps(request), first.steps)) if request.hires else (first,)


def guided(request: GenerationRequest) -> bool:
    """Whether the negative prompt takes part: with guidance, or where ``AND`` weighs prompts against it."""
    return request.guidance_scale > 1 or reading.is_composed(request.prompt)


def _texts(request: GenerationRequest, walk: Walk) -> Iterator[str]:
    """Everything that has to be encoded for one pass."""
    sides = [part.stretches for part in reading.parts(request.prompt, walk)]
    if guided(request):
        sides.append(reading.stretches(request.negative_prompt, walk))
    yield from dict.fromkeys(text for side in sides for _, text in side)


def _text_at(stretches: reading.Stretches, step: int) -> str:
    return next(text for end, text in stretches if step <= end)


def _weighted(hidden: torch.Tensor, weights: Sequence[float]) -> torch.Tensor:
    """Multiply each token's hidden state by its weight, then restore the mean (A1111's "Original" emphasis)."""
    if all(weight == 1.0 for weight in weights):
        return hidden
    factors = torch.ones(hidden.shape[1], dtype=torch.float32, device=hidden.device)
    factors[1 : 1 + len(weights)] = torch.tensor(weights, dtype=torch.float32, device=hidden.device)
    before = hidden.float()
    after = before * factors[None, :, None]
    mean = after.mean()
    return (after * (before.mean() / mean) if mean else after).to(hidden.dtype)
