"""Prompt embeddings by the A1111 rules: weighted tokens, 75-token chunks, clip skip.

The text side (brackets, BREAK, chunking) lives in ``studio.prompts``; here tokens become tensors.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

import torch

from studio.engine.loaded import LoadedCheckpoint
from studio.prompts import chunks
from studio.prompts.chunks import Chunk
from studio.request import GenerationRequest

CHUNK_TOKENS = 75
CACHED_TEXTS = 64


@dataclass(frozen=True, slots=True)
class TextPair:
    """What a request's two prompts become. ``negative`` is None where guidance needs none."""

    positive: torch.Tensor  # (1, 77 * chunks, width)
    negative: torch.Tensor | None
    pooled: torch.Tensor | None = None  # (1, projection), SDXL only
    negative_pooled: torch.Tensor | None = None


class TextEncoder:
    """Encodes prompts with one checkpoint's text encoders and remembers the last few."""

    def __init__(self, checkpoint: LoadedCheckpoint) -> None:
        self._checkpoint = checkpoint
        self._cache: OrderedDict[tuple, tuple[torch.Tensor, torch.Tensor | None]] = OrderedDict()

    def chunk_count(self, request: GenerationRequest) -> int:
        """Chunks of 75 tokens after the shorter prompt was padded: part of the batch key."""
        counts = [len(self._chunks(request.prompt, tokenizer)) for tokenizer in self._checkpoint.tokenizers]
        if request.guidance_scale > 1:
            counts += [len(self._chunks(request.negative_prompt, tok)) for tok in self._checkpoint.tokenizers]
        return max(counts)

    def encode(self, request: GenerationRequest) -> TextPair:
        """Embeddings of prompt and negative prompt, padded to equal length with empty chunks."""
        count = self.chunk_count(request)
        positive, pooled = self._encoded(request.prompt, count, request.clip_skip)
        if request.guidance_scale <= 1:
            return TextPair(positive, None, pooled)
        negative, negative_pooled = self._encoded(request.negative_prompt, count, request.clip_skip)
        if negative_pooled is not None and not request.negative_prompt.strip():
            # SDXL was trained with zeros in place of an empty text; A1111 and diffusers agree on this.
            negative, negative_pooled = torch.zeros_like(negative), torch.zeros_like(negative_pooled)
        return TextPair(positive, negative, pooled, negative_pooled)

    def forget(self) -> None:
        """Drop all cached embeddings (the encoders' weights have changed, e.g. by a LoRA)."""
        self._cache.clear()

    def _encoded(self, text: str, count: int, clip_skip: int) -> tuple[torch.Tensor, torch.Tensor | None]:
        key = (text, count, clip_skip)
        if key not in self._cache:
            self._cache[key] = self._encode(text, count, clip_skip)
            while len(self._cache) > CACHED_TEXTS:
                self._cache.popitem(last=False)
        self._cache.move_to_end(key)
        return self._cache[key]

    @torch.inference_mode()
    def _encode(self, text: str, count: int, clip_skip: int) -> tuple[torch.Tensor, torch.Tensor | None]:
        widths, pooled = [], None
        pairs = zip(self._checkpoint.tokenizers, self._checkpoint.text_encoders, strict=True)
        for tokenizer, encoder in pairs:
            parts = self._chunks(text, tokenizer)
            parts += [Chunk((), ())] * (count - len(parts))
            encoded = [self._encode_chunk(part, tokenizer, encoder, clip_skip) for part in parts]
            widths.append(torch.cat([hidden for hidden, _ in encoded], dim=1))
            pooled = encoded[0][1]  # of the last encoder, from its first chunk
        return torch.cat(widths, dim=-1), pooled

    def _chunks(self, text: str, tokenizer) -> list[Chunk]:
        def tokenize(piece: str) -> list[int]:
            return tokenizer(piece, add_special_tokens=False, truncation=False, verbose=False).input_ids

        return chunks.of_prompt(text, tokenize, tokenizer.get_vocab().get(",</w>"))

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
