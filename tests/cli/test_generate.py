"""Pictures from the command line, through real queues, workers and engines."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.database import Database
from studio.gallery import Gallery, read_metadata
from studio.jobs import Queue, State, Supervisor
from studio.jobs.supervisor import environment as as_variables
from studio.poses.library import load_pose
from studio.prompts.library.wildcards import Wildcards
from studio.prompts.random.expansion import draws
from studio.request import GenerationRequest
from studio.settings import PROJECT_ROOT, Settings

LINE = ("girl, red hair <lora:line:0.5>", "--checkpoint", "tiny-sd15", "--size", "64x64", "--steps", "4")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory, model_zoo: Path) -> Iterator[Settings]:
    """A studio whose worker runs already, as when the page is open beside the command line."""
    home = tmp_path_factory.mktemp("studio")
    settings = Settings(home, model_zoo, device="cpu", dtype="float32", slots=2, offline=True)
    with Supervisor(settings):
        yield settings


@pytest.fixture
def beside(running: Settings, run, monkeypatch: pytest.MonkeyPatch):
    """``run`` in the data folder of ``running``."""
    for name, value in as_variables(running).items():
        monkeypatch.setenv(name, value)
    return run


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "picture.png"
    small = np.random.default_rng(1).integers(0, 256, (4, 4, 3), dtype=np.uint8)
    Image.fromarray(small).resize((64, 64), Image.Resampling.BICUBIC).save(path)
    return path


def test_a_random_prompt_is_drawn_by_its_own_seed_and_its_template_recorded(beside, tmp_path):
    template = "girl, {red|blue|short|long} hair <lora:line:0.5>"
    flags = (*LINE[1:], "--seed", "1", "--count", "2", "--wildcard-seed", "5", "--json")
    first, second = beside("generate", template, *flags).document["images"]
    assert (first["seed"], second["seed"]) == (1, 2)
    drawn = [prompt.replace("<lora:line:0.5>", "") for prompt in draws(template, 5, 2, Wildcards([]))]
    assert [first["prompt"], second["prompt"]] == drawn
    known = read_metadata(Path(second["path"])).provenance
    assert known is not None and (known.template_prompt, known.wildcard_seed) == (template, 6)


def test_all_combinations_share_a_seed_and_get_a_file_each(beside, tmp_path):
    out = tmp_path / "hair.png"
    flags = (*LINE[1:], "--seed", "3", "--combinations", "--out", out, "--json")
    images = beside("generate", "girl, {red|blue} hair", *flags).document["images"]
    assert [image["prompt"] for image in images] == ["girl, red hair", "girl, blue hair"]
    assert [Path(image["path"]).name for image in images] == ["hair-1.png", "hair-2.png"]
    assert {image["seed"] for image in images} == {3} and all(Path(image["path"]).is_file() for image in images)


def test_a_random_prompt_that_is_wrong_starts_nothing(run, zoo):
    outcome = run("generate", "girl, __nope__", *LINE[1:], "--json")
    assert outcome.status == 1 and "no wildcard __nope__" in outcome.err


def pixels(path: str | Path) -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"))


def command(*argv: str) -> list[str]:
    return [sys.executable, "-m", "studio", *argv]


def variables(settings: Settings) -> dict[str, str]:
    return {**os.environ, **as_variables(settings)}


def test_everything_said_is_in_the_recipe_of_the_picture(beside, running, picture, tmp_path):
    outcome = beside(
        "generate", *LINE, "--negative", "boy", "--sampler", "Euler a", "--guidance", "5", "--seed", "7",
        "--clip-skip", "2", "--pose", "jogging", "--control", f"canny={picture}", "--control-weight", "0.8",
        "--control-weight", "0.5", "--control-end", "0.9", "--lora", "kohya=0.25", "--vae", "soft",
        "--source", str(picture), "--strength", "0.75", "--out", str(tmp_path / "out.png"), "--json",
    )  # fmt: skip
    assert outcome.status == 0, outcome.err
    (image,) = outcome.document["images"]
    assert (image["path"], image["seed"], image["reused"]) == (str(tmp_path / "out.png"), 7, False)
    assert image["seconds"] > 0
    request = read_metadata(tmp_path / "out.png").request
    assert request is not None
    assert request.digest == image["digest"]
    assert (request.prompt, request.negative_prompt) == ("girl, red hair ", "boy")
    assert (request.sampler, request.guidance_scale, request.steps) == ("Euler a", 5.0, 4)
    assert (request.width, request.height, request.clip_skip, request.vae) == (64, 64, 2, "soft")
    assert [(lora.name, lora.weight) for lora in request.loras] == [("line", 0.5), ("kohya", 0.25)]
    assert [(unit.type, unit.weight, unit.end) for unit in request.controls] == [
        ("openpose", 0.8, 0.9),
        ("canny", 0.5, 0.9),
    ]
    assert request.controls[0].pose == load_pose("jogging")
    assert request.source is not None
    assert request.source.strength == 0.75
    stored = Gallery(running, Database(running.database)).open_image(request.source.image)
    assert np.array_equal(np.asarray(stored), pixels(picture))


def test_a_count_gives_as_many_seeds_and_files(beside, tmp_path):
    outcome = beside("generate", *LINE, "--seed", 4294967295, "--count", 2, "--out", tmp_path / "many.png")
    assert outcome.status == 0, outcome.err
    files = [tmp_path / "many-4294967295.png", tmp_path / "many-0.png"]
    assert [line.split("  ")[0] for line in outcome.out.splitlines()] == [str(file) for file in files]
    assert not np.array_equal(*map(pixels, files))


def test_without_a_seed_a_random_one_is_told(beside):
    outcome = beside("generate", *LINE, "--steps", 2, "--json")
    seed = outcome.document["images"][0]["seed"]
    assert f"Seed {seed}" in outcome.err.splitlines()


def test_the_same_line_gives_the_same_pixels_in_another_studio(beside, running, tmp_path):
    line = ("generate", *LINE, "--seed", "11", "--pose", "jogging", "--sampler", "Euler a", "--json")
    first = beside(*line).document["images"][0]
    elsewhere = replace(running, home=tmp_path / "elsewhere")
    done = subprocess.run(
        command(*line, "--out", str(tmp_path / "again.png")),
        env=variables(elsewhere),
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert f'"digest": "{first["digest"]}"' in done.stdout
    assert "step 4/4" in done.stderr or "preparing" in done.stderr or "starting" in done.stderr
    assert np.array_equal(pixels(first["path"]), pixels(tmp_path / "again.png"))
    assert Queue(Database(elsewhere.database)).workers() == []


def test_a_picture_that_exists_is_not_drawn_again(beside):
    line = ("generate", *LINE, "--seed", "12", "--json")
    first, second = beside(*line).document["images"][0], beside(*line).document["images"][0]
    assert (first["reused"], second["reused"]) == (False, True)
    assert second["path"] == first["path"]


@pytest.mark.parametrize(
    ("prompt", "note"),
    [("", "The prompt is empty."), ("girl, red hair, " * 640, "chunks of 75 tokens"), ("🌸", "not in Latin letters")],
    ids=["empty", "10,000 characters", "emoji"],
)
def test_odd_prompts_get_a_note_and_a_picture(beside, prompt, note):
    outcome = beside("generate", prompt, *LINE[1:], "--steps", 1, "--seed", 1, "--json")
    assert outcome.status == 0
    assert note in outcome.err
    assert len(outcome.document["images"]) == 1


def test_one_failure_of_several_is_told_and_the_rest_kept(beside, running):
    queue = Queue(Database(running.database))
    queue.pause()
    try:
        line = [*command("generate", *LINE, "--seed", "20", "--count", "2", "--json")]
        process = subprocess.Popen(
            line, env=variables(running), cwd=PROJECT_ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert process.stderr is not None
        assert any("the queue is paused" in text for text in process.stderr)
        queue.cancel([queue.active()[0].id])
    finally:
        queue.resume()
    out, err = process.communicate()
    assert process.returncode == 1
    assert '"seed": 21' in out
    assert "Seed 20: The job was cancelled." in err


def test_ctrl_c_cancels_the_job_and_ends(running):
    line = command("generate", *LINE, "--steps", "150", "--size", "512x512", "--seed", "30", "--json")
    process = subprocess.Popen(
        line, env=variables(running), cwd=PROJECT_ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    assert any("step" in text for text in process.stderr)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate()
    assert (process.returncode, out) == (130, "")
    assert err.endswith("Stopped.\n")
    assert "Traceback" not in err
    queue = Queue(Database(running.database))
    assert queue.active() == []
    assert queue.recent(1)[0].state is State.CANCELLED


def test_a_hub_id_without_network_is_said_and_the_queue_goes_on(beside):
    outcome = beside("generate", "girl", "--checkpoint", "somebody/some-model", "--seed", 1, "--json")
    assert (outcome.status, outcome.out) == (1, "")
    assert "somebody/some-model" in outcome.err
    assert "Traceback" not in outcome.err
    assert beside("generate", *LINE, "--steps", 1, "--seed", 2).status == 0


def test_a_device_that_is_not_there_is_said(run, zoo, monkeypatch):
    monkeypatch.setenv("STUDIO_DEVICE", "cuda:99")
    outcome = run("generate", *LINE, "--seed", 1, "--json")
    assert (outcome.status, outcome.out) == (1, "")
    assert "There is no device called 'cuda:99' here." in outcome.err


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (["--checkpoint", "tiny-sd16"], "Did you mean tiny-sd15"),
        (["--checkpoint", "../../absent"], "no checkpoint called"),
        (["--checkpoint", "TEXT"], "text.png"),
        (["--sampler", "Eular"], "no sampler called 'Eular'"),
        (["--schedule", "Karas"], "Karras"),
        (["--steps", "0"], "Choose 1 to 150."),
        (["--steps", "151"], "Choose 1 to 150."),
        (["--guidance", "nan"], "Guidance is not a finite number."),
        (["--guidance", "31"], "Choose 0 to 30."),
        (["--seed", "-1"], "Choose 0 to 4294967295."),
        (["--size", "100x64"], "not a multiple of 8"),
        (["--size", "20000x20000"], "Choose 64 to 4096"),
        (["--size", "0x64"], "Choose 64 to 4096"),
        (["--clip-skip", "0"], "Choose 1 to 12."),
        (["--lora", "absent=1"], "no LoRA called 'absent'"),
        (["--lora", "line=9"], "Choose -4 to 4."),
        (["--lora", "line-sdxl=1"], "made for sdxl"),
        (["--vae", "absent"], "no VAE called 'absent'"),
        (["--pose", "absent"], "no pose called 'absent'"),
        (["--pose", "absent.json"], "no pose file"),
        (["--pose", "jogging", "--control-weight", "3"], "Choose 0 to 2."),
        (["--pose", "jogging", "--control-start", "0.9", "--control-end", "0.1"], "start has to lie before its end"),
        (["--pose", "jogging", "--control-weight", "1", "--control-weight", "1"], "2 times for 1 control."),
        (["--control-weight", "1"], "--control-weight was given without a control."),
        (["--control", "canny=absent.png"], "no file absent.png"),
        (["--control", "dance=PICTURE"], "no control type called 'dance'"),
        (["--source", "TEXT"], "not a picture the studio can read"),
        (["--source", "HALF"], "damaged or cut off"),
        (["--source", "HUGE"], "too large; at most 40 megapixels"),
        (["--source", "PICTURE", "--strength", "2"], "Choose 0 to 1."),
        (["--strength", "0.5"], "without --source"),
        (["--out", "absent/out.png"], "no folder absent"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_bad_input_is_one_message_with_a_remedy_and_queues_nothing(run, zoo, settings, picture, tmp_path, flags, said):
    (tmp_path / "text.png").write_text("no picture at all")
    (tmp_path / "half.png").write_bytes(picture.read_bytes()[:-200])
    if "HUGE" in flags:
        Image.new("1", (20_000, 20_000)).save(tmp_path / "huge.png")
    files = {name: str(tmp_path / f"{name.lower()}.png") for name in ("PICTURE", "TEXT", "HALF", "HUGE")}
    for name, path in files.items():
        flags = [flag.replace(name, path) for flag in flags]
    outcome = run("generate", "girl", "--checkpoint", "tiny-sd15", "--size", "64x64", *flags, "--json")
    assert (outcome.status, outcome.out) == (1, "")
    assert said in outcome.err
    assert len(outcome.err.splitlines()) <= 3
    assert "Traceback" not in outcome.err
    assert Queue(Database(settings.database)).recent() == []


def test_without_any_checkpoint_it_says_how_to_get_one(run, settings):
    outcome = run("generate", "girl")
    assert outcome.status == 1
    assert outcome.err.startswith("There is no checkpoint yet.\nPut a .safetensors checkpoint")
    assert str(settings.models / "checkpoints") in outcome.err


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[GenerationRequest]:
    """The requests that came as far as the check of their names; the command is stopped there."""
    requests: list[GenerationRequest] = []

    def stop(settings: Settings, request: GenerationRequest) -> None:
        requests.append(request)
        raise KeyboardInterrupt

    monkeypatch.setattr("studio.cli.generate.availability.check", stop)
    return requests


def test_a_checkpoint_may_be_a_path_relative_to_here(run, zoo, seen, monkeypatch):
    monkeypatch.chdir(zoo / "checkpoints" / "tiny-sdxl")
    assert run("generate", "girl", "--checkpoint", "../tiny-sd15").status == 130
    assert seen[0].checkpoint == str(zoo / "checkpoints" / "tiny-sd15")


def test_defaults_suit_the_family(run, zoo, seen):
    assert run("generate", "girl", "--checkpoint", "tiny-sdxl").status == 130
    assert (seen[0].width, seen[0].height, seen[0].guidance_scale) == (1024, 1024, 6.0)


def test_a_full_disk_is_said_and_the_picture_stays_in_the_gallery(beside, running, monkeypatch, tmp_path):
    def full(self: Path, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    outcome = beside("generate", *LINE, "--seed", 40, "--out", tmp_path / "out.png", "--json")
    assert (outcome.status, outcome.out) == (1, "")
    assert "is full" in outcome.err
    assert not (tmp_path / "out.png").exists()
    newest = Gallery(running, Database(running.database)).recent(1)[0]
    assert newest.request.seed == 40
