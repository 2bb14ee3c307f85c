"""Batches of pictures from a checkpoint and its ControlNet, by the stock pipeline."""

import numpy as np
import torch
from diffusers import ControlNetModel, StableDiffusionControlNetPipeline
from PIL import Image

from starter.train.networks import RECOMMENDED, SIZE

GUIDANCE, STEPS = RECOMMENDED["guidance"], RECOMMENDED["steps"]


class Painter:
    """The stock pipeline with both networks, and batches of pictures from it."""

    def __init__(self, checkpoint, controlnet):
        control = ControlNetModel.from_pretrained(controlnet, torch_dtype=torch.float32)
        self.pipe = StableDiffusionControlNetPipeline.from_pretrained(
            checkpoint, controlnet=control, torch_dtype=torch.float32, safety_checker=None
        )
        self.pipe.to("cuda" if torch.cuda.is_available() else "cpu")
        self.pipe.set_progress_bar_config(disable=True)

    def __call__(self, prompts, maps, seeds, guidance=GUIDANCE, weight=1.0, negative="", steps=STEPS, batch=12):
        """uint8 (n, 256, 256, 3). maps: skeleton maps as arrays; one seed each."""
        out = []
        for i in range(0, len(prompts), batch):
            j = slice(i, i + batch)
            generators = [torch.Generator().manual_seed(int(s)) for s in seeds[j]]
            images = self.pipe(
                list(prompts[j]),
                image=[Image.fromarray(m) for m in maps[j]],
                negative_prompt=[negative] * len(prompts[j]),
                num_inference_steps=steps,
                guidance_scale=guidance,
                controlnet_conditioning_scale=float(weight),
                height=SIZE,
                width=SIZE,
                generator=generators,
            ).images
            out += [np.asarray(v) for v in images]
        return np.stack(out)
