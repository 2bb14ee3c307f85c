from __future__ import annotations

from studio.gallery.difference import NOTHING, Change, differences
from studio.poses.library import library_pose, pose_names
from studio.request import ControlUnit, HiresPass, ImageRef, LoraRef, SourceImage
from tests.gallery.pictures import request

POSE = library_pose(pose_names()[0])


def test_equal_recipes_do_not_differ():
    one = request(prompt="a", controls=(ControlUnit(pose=POSE),), hires=HiresPass())
    assert differences(one, one.with_()) == []


def test_plain_fields():
    one, other = request(steps=20, vae=None), request(steps=30, guidance_scale=5, vae="soft", seed=2)
    assert differences(one, other) == [
        Change("VAE", NOTHING, "soft"),
        Change("Steps", "20", "30"),
        Change("Guidance", "7.5", "5"),
        Change("Seed", "1", "2"),
    ]


def test_of_prompts_only_what_differs():
    one = request(prompt="1girl, blue hair, smile", negative_prompt="bad")
    other = request(prompt="1girl, red hair,\nsmile, night", negative_prompt="")
    assert differences(one, other) == [
        Change("Prompt", "blue hair", "red hair, night"),
        Change("Negative prompt", "bad", NOTHING),
    ]
    assert differences(request(prompt="a, b"), request(prompt="b, a")) == [Change("Prompt", "a, b", "b, a")]


def test_loras_and_parts():
    one = request(loras=(LoraRef(name="ink", weight=0.5), LoraRef(name="flat")), hires=HiresPass(strength=0.4))
    other = request(loras=(LoraRef(name="ink", weight=0.75),), hires=HiresPass(strength=0.5))
    assert differences(one, other) == [
        Change("LoRA ink", "0.5", "0.75"),
        Change("LoRA flat", "1", NOTHING),
        Change("Hires: strength", "0.4", "0.5"),
    ]
    image = ImageRef(sha256="ab" * 32)
    (change,) = differences(request(), request(source=SourceImage(image=image, strength=0.3)))
    assert change == Change("Source image", NOTHING, "image sha256 abababab…, strength 0.3")


def test_poses_tell_how_many_joints_moved():
    person = POSE.people[0]
    place = next(number for number, joint in enumerate(person.body) if joint)
    moved = tuple(
        joint._replace(x=joint.x + 9) if joint and n == place else joint for n, joint in enumerate(person.body)
    )
    other = POSE.model_copy(update={"people": (person.model_copy(update={"body": moved}),)})
    units = [(ControlUnit(pose=pose, weight=weight),) for pose, weight in ((POSE, 1.0), (other, 0.5))]
    weight, pose = differences(request(controls=units[0]), request(controls=units[1]))
    assert weight == Change("Control 1: weight", "1", "0.5")
    assert pose.field == "Control 1: pose"
    assert pose.after.startswith("1 person") and "; 1 of " in pose.after
    (added,) = differences(request(), request(controls=units[0]))
    assert (added.field, added.before) == ("Control 1", NOTHING) and "1 person" in added.after
