"""A gallery of small drawn pictures with recipes that vary: what the gallery's tests and screenshots look at."""

from __future__ import annotations

from PIL import Image, ImageDraw

from studio.gallery import Gallery, Picture, Provenance
from studio.poses import drawing
from studio.poses.library import library_pose, pose_names
from studio.request import GenerationRequest

SIZES = ((256, 256), (256, 384), (384, 256))
SAMPLERS = ("DPM++ 2M", "Euler a", "DDIM")
PROMPTS = (
    "1girl, red dress, dancing, ballroom, masterpiece",
    "1girl, school uniform, running, park, cherry blossoms",
    "2girls, holding hands, beach, sunset",
    "1boy, armor, standing, castle, night sky",
    "1girl, witch hat, reading, library, candle light",
)
COLOURS = ((236, 150, 170), (120, 190, 240), (250, 205, 120), (110, 200, 160), (190, 160, 240))


def fill(gallery: Gallery, count: int, checkpoint: str = "tiny-sd15") -> list[Picture]:
    """Add ``count`` pictures, the newest last. Every second one follows a pose, every third has a LoRA."""
    return [add(gallery, number, checkpoint) for number in range(count)]


def add(gallery: Gallery, number: int, checkpoint: str = "tiny-sd15", parent: Picture | None = None) -> Picture:
    """One picture; equal numbers give equal pictures."""
    request = request_of(number, checkpoint)
    provenance = Provenance(device="cpu", seconds=1.5 + number % 7)
    return gallery.add(image_of(number, request), request, provenance, parent and parent.id)


def request_of(number: int, checkpoint: str = "tiny-sd15") -> GenerationRequest:
    width, height = SIZES[number % len(SIZES)]
    poses = pose_names()
    controls = ({"pose": library_pose(poses[number % len(poses)]), "weight": 0.8},) if number % 2 else ()
    return GenerationRequest.build(
        prompt=PROMPTS[number % len(PROMPTS)], negative_prompt="lowres, bad hands", checkpoint=checkpoint,
        sampler=SAMPLERS[number % len(SAMPLERS)], steps=20 + number % 10, guidance_scale=5 + number % 6,
        seed=1000 + number, width=width, height=height, controls=controls,
        loras=({"name": "ink", "weight": 0.7},) if number % 3 == 0 else (),
    )  # fmt: skip


def image_of(number: int, request: GenerationRequest) -> Image.Image:
    """A colour gradient with a figure on it."""
    size = (request.width, request.height)
    light = Image.new("RGB", size, COLOURS[number % len(COLOURS)])
    dark = Image.new("RGB", size, tuple(value // 3 for value in COLOURS[(number + 2) % len(COLOURS)]))
    picture = Image.composite(light, dark, Image.linear_gradient("L").resize(size))
    pose = request.controls[0].pose if request.controls else None
    if pose is not None:
        figure = Image.fromarray(drawing.draw(pose, *size))
        picture.paste(figure, mask=figure.convert("L").point(lambda value: 255 if value else 0))
    else:
        middle, radius = (size[0] // 2, size[1] // 2), 30 + 9 * (number % 6)
        box = (middle[0] - radius, middle[1] - radius, middle[0] + radius, middle[1] + radius)
        ImageDraw.Draw(picture).ellipse(box, fill=COLOURS[(number + 1) % len(COLOURS)], outline="white", width=3)
    ImageDraw.Draw(picture).text((8, 8), str(number), fill="white")
    return picture
