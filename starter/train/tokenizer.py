"""Build the CLIP tokenizer: python -m starter.train.tokenizer

Byte-level BPE: all 256 bytes are tokens, so any text at all can be encoded; merges are learnt from our own captions.
"""

import argparse
import collections
import itertools
import json
import re

import numpy as np
from transformers import CLIPTokenizer

from starter.captions import write_caption
from starter.dataset import work_folder
from starter.world import draw_plan

EXAMPLES = 12000  # captions the merges are learnt from


def _byte_letters():
    """GPT-2's printable letter for every byte."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    letters = {b: chr(b) for b in plain}
    for n, b in enumerate(b for b in range(256) if b not in letters):
        letters[b] = chr(256 + n)
    return [letters[b] for b in range(256)]


def example_captions(count=EXAMPLES):
    for seed in range(count):
        rng = np.random.default_rng([seed, 99])
        yield write_caption(draw_plan(rng), rng)


def learn_merges(captions, most):
    """Byte-pair merges, most frequent first, until every word of the captions is one token or there are `most`."""
    words = collections.Counter(w for c in captions for w in re.findall(r"[a-z]+|[0-9]|[^\sa-z0-9]+", c.lower()))
    spelled = {w: [*w[:-1], w[-1] + "</w>"] for w in words}
    merges = []
    while len(merges) < most:
        pairs = collections.Counter()
        for w, parts in spelled.items():
            for pair in itertools.pairwise(parts):
                pairs[pair] += words[w]
        if not pairs:
            break
        best = max(pairs, key=lambda p: (pairs[p], p))
        merges.append(best)
        for w, parts in spelled.items():
            spelled[w] = _merged(parts, best)
    return merges


def _merged(parts, pair):
    out, i = [], 0
    while i < len(parts):
        if tuple(parts[i : i + 2]) == pair:
            out.append(parts[i] + parts[i + 1])
            i += 2
        else:
            out.append(parts[i])
            i += 1
    return out


def build(folder, captions=None, most=1400):
    """Write the tokenizer to a folder and return it loaded."""
    merges = learn_merges(captions or example_captions(), most)
    letters = _byte_letters()
    tokens = letters + [c + "</w>" for c in letters] + ["".join(m) for m in merges]
    tokens = [*list(dict.fromkeys(tokens)), "<|startoftext|>", "<|endoftext|>"]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "vocab.json").write_text(json.dumps({t: i for i, t in enumerate(tokens)}, ensure_ascii=False))
    (folder / "merges.txt").write_text("#version: 0.2\n" + "\n".join(" ".join(m) for m in merges) + "\n")
    (folder / "tokenizer_config.json").write_text(
        json.dumps(
            {
                "tokenizer_class": "CLIPTokenizer",
                "model_max_length": 77,
                "bos_token": "<|startoftext|>",
                "eos_token": "<|endoftext|>",
                "unk_token": "<|endoftext|>",
                "pad_token": "<|endoftext|>",
                "add_prefix_space": False,
                "do_lower_case": True,
            }
        )
    )
    return CLIPTokenizer.from_pretrained(folder)


def encode(tokenizer, texts):
    """Texts -> list of 77 token ids each, cut or padded."""
    return tokenizer(list(texts), padding="max_length", max_length=77, truncation=True).input_ids


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--work")
    options = options.parse_args()
    print(len(build(work_folder(options.work) / "tokenizer")), "tokens")
