"""Thirty steps of every stage: it learns, it resumes, and what it exports loads as any checkpoint does."""

import os
import signal

import numpy as np
import pytest
import torch
from diffusers import AutoencoderKL, ControlNetModel

from starter import export
from starter.dataset import captions_of, load, render_shards
from starter.render import render
from starter.train import denoiser, latents, pose, reader, refine, resume, run, stem, tokenizer, upscaler, vae
from starter.train.geometry import distances, figure_weight

STEPS = 30


@pytest.fixture(scope="module", autouse=True)
def two_threads():
    before = torch.get_num_threads(), torch.get_float32_matmul_precision()
    torch.set_num_threads(min(2, before[0]))
    yield
    torch.set_num_threads(before[0])
    torch.set_float32_matmul_precision(before[1])
    torch.set_flush_denormal(False)  # the stages turn it on; other tests of this process need tiny numbers


@pytest.fixture(scope="module")
def pictures():
    """(images, joints, captions) of 48 training pictures."""
    some = [render(s) for s in range(48)]
    words = np.array([captions_of(p, s) for s, p in enumerate(some)])
    return np.stack([p.image for p in some]), np.stack([p.joints for p in some]), words


def falls(log, by):
    return log[-1] < log[0] * by


def cached(pictures, count=48):
    """What the denoiser trains on, with made-up latents: colours of the picture, pooled."""
    images, joints, _ = pictures
    x = run.pictures(images[:count], "cpu")
    z = torch.nn.functional.avg_pool2d(x, 8)
    return {
        "z": torch.cat([z, z, z[:, :2]], 1).half(),
        "hint": torch.rand(count, 96, 32, 32).half(),
        "tokens": torch.randint(0, 290, (count, 3, 77)).short(),
        "figure": figure_weight(joints[:count]).half(),
        "joints": torch.from_numpy(joints[:count]),
        "empty": torch.zeros(77).short(),
        "vocabulary": 300,
    }


def test_shards_are_rendered_once(tmp_path):
    render_shards(tmp_path, 6)
    stamp = (tmp_path / "train-0000000.npz").stat().st_mtime_ns
    render_shards(tmp_path, 6)
    images, joints, captions = load(tmp_path)
    assert images.shape == (6, 256, 256, 3) and joints.shape == (6, 18, 2) and captions.shape == (6, 3)
    assert (tmp_path / "train-0000000.npz").stat().st_mtime_ns == stamp
    assert np.array_equal(images[4], render(4).image)


def test_vae_learns_and_resumes(pictures, tmp_path, monkeypatch):
    monkeypatch.setattr(vae, "CROPS", 3)
    data = pictures
    log = vae.train(tmp_path, STEPS, report=6, data=data)
    assert falls(log, 0.8)
    assert vae.train(tmp_path, STEPS, data=data) == []
    assert run.load_state(tmp_path / "vae.pt")["step"] == STEPS


def test_a_refined_autoencoder_reconstructs_better_and_a_spring_holds_its_latents(pictures, tmp_path, monkeypatch):
    images, joints, _ = pictures
    monkeypatch.setattr(refine, "SPRING", 4.0)  # a net that knows nothing yet pulls harder than a trained one
    vae.make_vae().eval().save_pretrained(tmp_path / "vae")
    log = refine.train(tmp_path, STEPS, batch=2, report=6, data=(images, joints))
    assert falls(log, 0.8)
    assert refine.train(tmp_path, STEPS, batch=2, data=(images, joints)) == []
    before, after = AutoencoderKL.from_pretrained(tmp_path / "vae"), refine.write(tmp_path)
    x = run.pictures(images[:8], "cpu")
    with torch.no_grad():
        old, new = (net.encode(x).latent_dist.mean for net in (before, after))
        assert 0 < (new - old).pow(2).mean() < 0.2 * old.var()
    assert vae.psnr(after, images, 8) > vae.psnr(before, images, 8)


def test_the_decoder_alone_learns_on_while_latents_stay(pictures, tmp_path):
    images, joints, _ = pictures
    vae.make_vae().eval().save_pretrained(tmp_path / "vae")
    log = refine.train(tmp_path, STEPS, batch=2, report=6, data=(images, joints), decoder=True)
    assert falls(log, 0.8)
    before, after = AutoencoderKL.from_pretrained(tmp_path / "vae"), refine.write(tmp_path, decoder=True)
    x = run.pictures(images[:2], "cpu")
    with torch.no_grad():
        assert torch.equal(before.encode(x).latent_dist.mean, after.encode(x).latent_dist.mean)


def test_the_reader_learns_and_resumes(pictures, tmp_path):
    images, joints, _ = pictures
    data = {"z": torch.from_numpy(images[..., :2]).permute(0, 3, 1, 2).float()[..., ::8, ::8].repeat(1, 4, 1, 1) / 128}
    data["joints"] = torch.from_numpy(joints)
    log = reader.train(tmp_path, STEPS, batch=16, report=6, data=data)
    assert falls(log, 0.9)
    assert reader.train(tmp_path, STEPS, batch=16, data=data) == []
    assert not any(p.requires_grad for p in reader.finished(tmp_path).parameters())
    assert reader.finished(tmp_path / "elsewhere") is None


def test_joints_are_read_where_they_are():
    joints = torch.full((1, 18, 2), float("nan"))
    joints[0, 3] = torch.tensor([42.0, 90.0])  # pixels, of cells of four
    goal, seen = reader.targets(joints)
    assert seen[0].tolist() == [i == 3 for i in range(reader.JOINTS)]
    y, x = divmod(int(goal[0, 3].argmax()), reader.FINE)
    assert (x, y) == (10, 22) and goal[0, 3].sum() == pytest.approx(1)
    right, wrong = goal.clamp_min(1e-9).log(), torch.zeros_like(goal)
    assert reader.unread(right, goal, seen).item() == pytest.approx(0, abs=1e-3)
    assert reader.unread(wrong, goal, seen).item() > 3


def test_folding_standardises_latents(pictures):
    net = vae.make_vae((4, 4, 8, 8))
    images = pictures[0][:16]
    vae.fold(net, images)
    with torch.no_grad():
        z = net.encode(run.pictures(images, "cpu")).latent_dist.mean
    assert torch.allclose(z.mean((0, 2, 3)), torch.zeros(8), atol=1e-3)
    assert torch.allclose(z.std((0, 2, 3)), torch.ones(8), atol=1e-2)


def test_stem_learns(pictures, tmp_path):
    assert falls(stem.train(tmp_path, STEPS, batch=4, report=6, data=pictures[1]), 0.98)


def test_denoiser_learns(pictures, tmp_path):
    data = cached(pictures)
    log = denoiser.train(tmp_path, STEPS, batch=4, report=6, data=data, held=data)
    assert falls(log, 0.97)


def test_a_broken_run_ends_where_an_unbroken_one_does(pictures, tmp_path):
    data, ends = cached(pictures, 16), []
    for name, stops in (("whole", (4,)), ("broken", (2, 4))):
        folder = tmp_path / name
        folder.mkdir()
        torch.manual_seed(0)
        trainer = None
        for stop in stops:
            trainer = denoiser.Trainer(folder, 300, 0, 1e-3, 1e-3).resume()
            while trainer.step < stop:
                trainer.advance(data, 4, 1.0)
            trainer.save()
        ends.append(trainer.net.unet.conv_in.weight.detach().clone())
    assert torch.allclose(ends[0], ends[1], atol=1e-6)


def test_training_goes_on_from_the_released_weights(tmp_path):
    resume.begin(tmp_path)
    pipe, control = export.assemble(tmp_path)
    released = ControlNetModel.from_pretrained(resume.RELEASE / "controlnet-openpose", torch_dtype=torch.float16)
    assert all(torch.equal(a, b) for a, b in zip(control.parameters(), released.parameters(), strict=True))
    assert pipe.unet.dtype == torch.float16 and len(pipe.tokenizer) > 1000
    assert stem.train(tmp_path, STEPS, data=np.zeros((4, 18, 2), np.float32)) == []


def test_pose_detector_learns_and_rtmlib_runs_it(pictures, tmp_path):
    rtmlib = pytest.importorskip("rtmlib")
    assert falls(pose.train(tmp_path, STEPS, batch=4, report=6, data=pictures[:2]), 0.99)
    path = tmp_path / "pose.onnx"
    pose.export(tmp_path, path)
    detector = rtmlib.RTMPose(str(path), model_input_size=(192, 256), to_openpose=True)
    points, scores = detector(pictures[0][0])
    assert points.shape == (1, 18, 2) and scores.shape == (1, 18)
    assert ((scores >= 0) & (scores <= 1)).all()


def test_pose_crops_keep_their_joints(pictures):
    images, joints, _ = pictures
    some = torch.from_numpy(images[:6]).permute(0, 3, 1, 2).float()
    crops, points = pose.crops(some, joints[:6], run.Dice(0, 0))
    assert crops.shape == (6, 3, 256, 192) and points.shape == (6, 17, 2)
    assert crops.isfinite().all()


def test_upscaler_learns_and_spandrel_loads_it(tmp_path):
    spandrel = pytest.importorskip("spandrel")
    large = np.stack([render(s, 512).image for s in range(4)])
    assert falls(upscaler.train(tmp_path, STEPS, batch=2, report=6, data=large), 0.9)
    path = tmp_path / "x4.safetensors"
    upscaler.export(tmp_path, path)
    assert path.stat().st_size < 3e6
    assert spandrel.ModelLoader().load_from_file(path).scale == 4


def test_noise_is_the_steps_own_and_does_not_repeat_its_other_numbers():
    dice, again, later = run.Dice(3, 5), run.Dice(3, 5), run.Dice(3, 6)
    noise = dice.normal((64,))
    assert torch.equal(noise, again.normal((64,))) and not torch.equal(noise, later.normal((64,)))
    assert not torch.equal(noise, torch.randn(64, generator=dice.torch))


def test_figures_seen_from_behind_are_learnt_from_more_often():
    joints = np.zeros((3, 18, 2))
    joints[1, 0], joints[2] = np.nan, np.nan  # seen from behind; nobody at all
    assert pose.with_more_backs(joints).tolist() == [0, 1, 1, 1, 2]


def test_an_export_keeps_six_bits_of_a_weight():
    net = torch.nn.Linear(64, 64).half()
    before = net.weight.detach().double()
    after = export.rounded(net).weight.detach().clone()
    assert ((after.double() - before).abs() <= before.abs() * 2**-7 + 1e-6).all()
    assert not (after.view(torch.int16) & 0b1111).any()
    assert torch.equal(export.rounded(net).weight, after)


def test_distances_grow_from_the_joint():
    joints = np.full((1, 18, 2), np.nan)
    joints[0, 0] = (20, 20)
    d = distances(joints)[0, 0]
    assert d[2, 2] < d[2, 16] < d[31, 31]
    assert (distances(joints)[0, 1] == 99).all()


def test_an_export_loads_as_a_stock_checkpoint(tmp_path):
    from diffusers import ControlNetModel, StableDiffusionControlNetPipeline

    render_shards(tmp_path, 24)
    tokens = tokenizer.build(tmp_path / "tokenizer", ["1girl, red hair", "a boy in a park"])
    vae.make_vae().save_pretrained(tmp_path / "vae")
    stem.train(tmp_path, 1, batch=4)
    with pytest.raises(FileNotFoundError, match="latents"):
        latents.cached(tmp_path)
    latents.encode_hints(tmp_path)
    assert not latents.Cache(tmp_path, "train").finished()
    latents.encode_pictures(tmp_path)
    assert latents.cached(tmp_path)["z"].std() > 0
    denoiser.train(tmp_path, 1, batch=4)
    assert export.write(tmp_path, tmp_path / "out") < 36e6
    assert str(tmp_path) not in (tmp_path / "out" / "checkpoint" / "vae" / "config.json").read_text()
    control = ControlNetModel.from_pretrained(tmp_path / "out" / "controlnet-openpose", torch_dtype=torch.float32)
    pipe = StableDiffusionControlNetPipeline.from_pretrained(
        tmp_path / "out" / "checkpoint", controlnet=control, torch_dtype=torch.float32, safety_checker=None
    )
    pipe.set_progress_bar_config(disable=True)
    image = pipe("🙂 " * 100, image=[torch.zeros(1, 3, 256, 256)], num_inference_steps=2, height=256, width=256).images[
        0
    ]
    assert image.size == (256, 256)
    assert len(tokens) == len(pipe.tokenizer)


def test_a_stopped_run_saves_and_goes_on(pictures, tmp_path, monkeypatch):
    data, steps = cached(pictures, 16), []
    advance = denoiser.Trainer.advance

    def interrupted(trainer, *rest):
        loss = advance(trainer, *rest)
        if trainer.step == 2:
            os.kill(os.getpid(), signal.SIGTERM)
        return loss

    monkeypatch.setattr(denoiser.Trainer, "advance", interrupted)
    with pytest.raises(SystemExit):
        denoiser.train(tmp_path, 4, batch=4, data=data, held=data)
    steps.append(run.load_state(tmp_path / "denoiser.pt")["step"])
    denoiser.train(tmp_path, 4, batch=4, data=data, held=data)
    assert [*steps, run.load_state(tmp_path / "denoiser.pt")["step"]] == [2, 4]
