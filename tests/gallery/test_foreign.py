from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.gallery import foreign
from studio.gallery.metadata import understand

COMFY = {
    "3": {
        "class_type": "KSampler",
        "inputs": {
            "seed": 42, "steps": 22, "cfg": 6.5, "sampler_name": "euler", "scheduler": "normal", "denoise": 1.0,
            "model": ["10", 0], "positive": ["8", 0], "negative": ["7", 0], "latent_image": ["5", 0],
        },
    },
    "4": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "xl/noob.safetensors"}},
    "5": {"class_type": "EmptyLatentImage", "inputs": {"width": 832, "height": 1216, "batch_size": 1}},
    "6": {"class_type": "CLIPTextEncode", "inputs": {"text": "1girl, 桜", "clip": ["4", 1]}},
    "7": {"class_type": "CLIPTextEncode", "inputs": {"text": "lowres", "clip": ["4", 1]}},
    "8": {"class_type": "ControlNetApply", "inputs": {"conditioning": ["6", 0], "strength": 0.8}},
    "10": {"class_type": "LoraLoader", "inputs": {"model": ["4", 0], "lora_name": "ink.safetensors"}},
}  # fmt: skip
CASES = {
    "comfyui": ({"prompt": json.dumps(COMFY), "workflow": "{}"}, "euler", "Euler", "noob", 832),
    "invokeai": (
        {
            "invokeai_metadata": json.dumps(
                {
                    "positive_prompt": "1girl, 桜", "negative_prompt": "lowres", "width": 512, "height": 1216,
                    "cfg_scale": 6.5, "steps": 22, "scheduler": "dpmpp_2m", "seed": 42, "model": {"name": "noob"},
                }
            )
        },
        "dpmpp_2m", "DPM++ 2M", "noob", 512,
    ),
    "swarmui": (
        {
            "parameters": json.dumps(
                {
                    "sui_image_params": {
                        "prompt": "1girl, 桜", "negativeprompt": "lowres", "seed": 42, "steps": 22, "cfgscale": 6.5,
                        "width": 512, "height": 1216, "model": "xl/noob", "sampler": "euler_ancestral",
                    }
                }
            )
        },
        "euler_ancestral", "Euler a", "noob", 512,
    ),
    "fooocus": (
        {
            "fooocus_scheme": "fooocus",
            "parameters": json.dumps(
                {
                    "prompt": "1girl, 桜", "negative_prompt": "lowres", "seed": "42", "steps": 22,
                    "resolution": "(512, 1216)", "guidance_scale": 6.5, "sampler": "dpmpp_2m_sde",
                    "base_model": "noob.safetensors",
                }
            ),
        },
        "dpmpp_2m_sde", "DPM++ 2M SDE", "noob", 512,
    ),
    "novelai": (
        {
            "Software": "NovelAI", "Source": "noob", "Description": "1girl, 桜",
            "Comment": json.dumps(
                {"uc": "lowres", "steps": 22, "sampler": "k_euler", "seed": 42, "scale": 6.5, "width": 512}
                | {"height": 1216}
            ),
        },
        "k_euler", "Euler", "noob", 512,
    ),
}  # fmt: skip


@pytest.mark.parametrize("program", CASES)
def test_other_programs_are_understood(program: str):
    texts, sampler, ours, model, width = CASES[program]
    found = understand(texts)
    assert found.source == program
    assert found.parameters["Sampler"] == sampler
    asked = found.request
    assert asked is not None
    assert (asked.prompt, asked.negative_prompt, asked.checkpoint, asked.sampler) == (
        "1girl, 桜",
        "lowres",
        model,
        ours,
    )
    assert (asked.seed, asked.steps, asked.guidance_scale) == (42, 22, 6.5)
    assert (asked.width, asked.height) == (width, 1216)


def test_a_comfyui_graph_in_circles_is_left():
    graph = {
        "1": {"class_type": "KSampler", "inputs": {"model": ["2", 0], "positive": ["2", 0], "seed": ["1", 0]}},
        "2": {"class_type": "X", "inputs": {"model": ["2", 0], "conditioning": ["2", 0]}},
    }
    assert understand({"prompt": json.dumps(graph)}).request is None


KEYS = "inputs class_type model positive seed width prompt steps sui_image_params name text 1".split()
plain = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9)
values = st.recursive(
    plain,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=12,
)


@given(st.sampled_from(["prompt", "parameters", "invokeai_metadata", "Comment"]), values)
def test_any_json_is_read_without_failing(key: str, value):
    graph = {"1": value, "2": {"class_type": "KSampler", "inputs": value}} if key == "prompt" else value
    texts = {key: json.dumps(graph), "Software": "NovelAI", "fooocus_scheme": "fooocus"}
    source, fields = foreign.understand(texts)
    assert source in {*foreign.READERS, "unknown"}
    assert all(isinstance(text, str) for text in fields.values())
    foreign.as_text(fields).encode()
