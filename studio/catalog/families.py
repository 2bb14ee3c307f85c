"""Model families: what is the same for all checkpoints of one architecture."""

from __future__ import annotations

from dataclasses import dataclass, replace

from studio.catalog.facts import starter_facts

Row = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class FamilySpec:
    """One architecture, and the values that suit it."""

    name: str
    label: str
    latent_channels: int
    vae_factor: int
    """Pixels per latent cell along one side."""
    native_size: int
    """Side of the square it was trained on, in pixels."""
    size_presets: tuple[tuple[int, int], ...]
    """(width, height) pairs with about the trained number of pixels."""
    text_encoders: int
    hidden_sizes: tuple[int, ...]
    """Width of the cross-attention context of full-size checkpoints: what weights files are recognised by."""
    preview: tuple[Row, ...]
    """RGB in -1…1 per latent channel, of latents as the UNet sees them (scaled)."""
    preview_bias: Row
    steps: int
    guidance_scale: float
    sampler: str
    clip_skip: int
    bytes_float16: int
    """Weights of UNet, VAE and text encoders in half precision."""
    slot_bytes: int
    """Memory one more batch slot takes at native size in half precision, ControlNet included."""
    default_slots: dict[str, int]
    """Slots per kind of device, before the memory has its say."""
    example_prompt: str
    """What a newcomer's form is filled in with."""
    example_negative: str
    example_pose: str = "jogging"
    example_proportions: str = ""
    """Of the example's figure, by name (``studio.poses.proportions``); empty: the pose as it is in the library."""
    good_steps: tuple[int, int] = (20, 50)
    """From and up to where they usually work best."""
    good_guidance: tuple[float, float] = (7.5, 12.0)
    upscaled_side: int = 0
    """Longest side in pixels that a newcomer's pictures are enlarged to; 0: they are shown as drawn."""

    def at(self, side: int) -> FamilySpec:
        """The same family for a checkpoint that was trained on squares of ``side`` pixels."""
        scale = side / self.native_size
        presets = (tuple(max(8, round(length * scale / 8) * 8) for length in preset) for preset in self.size_presets)
        return replace(self, native_size=side, size_presets=tuple(dict.fromkeys(presets)))


EXAMPLE = "1girl, solo, full body, short brown hair, school uniform, pleated skirt, running, smile, park, masterpiece"
NEGATIVE = "lowres, bad anatomy, bad hands, extra digits, missing fingers, worst quality, low quality, jpeg artifacts"

SD15 = FamilySpec(
    name="sd15",
    label="Stable Diffusion 1.5",
    latent_channels=4,
    vae_factor=8,
    native_size=512,
    size_presets=((512, 512), (512, 768), (768, 512), (576, 704), (640, 640), (768, 768)),
    text_encoders=1,
    hidden_sizes=(768,),
    preview=(
        (0.3512, 0.2297, 0.3227),
        (0.3250, 0.4974, 0.2350),
        (-0.2829, 0.1762, 0.2721),
        (-0.2120, -0.2616, -0.7177),
    ),
    preview_bias=(0.0, 0.0, 0.0),
    steps=28,
    guidance_scale=7.5,
    sampler="DPM++ 2M",
    clip_skip=1,
    bytes_float16=2_140_000_000,
    slot_bytes=1_000_000_000,
    default_slots={"cpu": 1, "mps": 1, "cuda": 16},
    example_prompt=EXAMPLE,
    example_negative=NEGATIVE,
)
SDXL = FamilySpec(
    name="sdxl",
    label="Stable Diffusion XL",
    latent_channels=4,
    vae_factor=8,
    native_size=1024,
    size_presets=((1024, 1024), (832, 1216), (1216, 832), (896, 1152), (1152, 896), (768, 1344)),
    text_encoders=2,
    hidden_sizes=(2048,),
    preview=(
        (0.3651, 0.4232, 0.4341),
        (-0.2533, -0.0042, 0.1068),
        (0.1076, 0.1111, -0.0362),
        (-0.3165, -0.2492, -0.2188),
    ),
    preview_bias=(0.1084, -0.0175, -0.0011),
    steps=28,
    guidance_scale=6.0,
    good_guidance=(5.0, 9.0),
    sampler="DPM++ 2M",
    clip_skip=1,
    bytes_float16=6_900_000_000,
    slot_bytes=4_000_000_000,
    default_slots={"cpu": 1, "mps": 1, "cuda": 8},
    example_prompt=EXAMPLE,
    example_negative=NEGATIVE,
)


def _starter() -> FamilySpec:
    facts = starter_facts()
    side, advised, example, preview = (facts[key] for key in ("native_size", "recommended", "example", "preview"))
    return FamilySpec(
        name="starter",
        label="Starter",
        latent_channels=facts["latent_channels"],
        vae_factor=facts["vae_scale_factor"],
        native_size=side,
        size_presets=((side, side),),
        text_encoders=1,
        hidden_sizes=(facts["text_width"],),
        # The facts are fitted to RGB in 0…1.
        preview=tuple((2 * red, 2 * green, 2 * blue) for red, green, blue in preview["matrix"]),
        preview_bias=tuple(2 * value - 1 for value in preview["bias"]),
        steps=advised["steps"],
        guidance_scale=advised["guidance"],
        good_guidance=tuple(advised["good_guidance"]),
        sampler=advised["sampler"],
        clip_skip=1,
        bytes_float16=facts["bytes_float16"],
        slot_bytes=50_000_000,
        default_slots={"cpu": 1, "mps": 1, "cuda": 32},
        example_prompt=example["prompt"],
        example_negative=example["negative_prompt"],
        example_pose=example["pose"],
        example_proportions=example["proportions"],
        upscaled_side=4 * side,
    )


STARTER = _starter()
FAMILIES: dict[str, FamilySpec] = {family.name: family for family in (SD15, SDXL, STARTER)}
