"""Every sampler and schedule has to run in the installed diffusers, with its own generator and nothing else."""

import inspect

import diffusers
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.catalog.samplers import SAMPLERS, SCHEDULES, find_sampler, scheduler_arguments, split_name
from studio.errors import UnknownName
from tests.tiny import SD15_SCHEDULER, SDXL_SCHEDULER

# diffusers' LMS integrates thousands of tensors through scipy, each with this remark of numpy's.
pytestmark = pytest.mark.filterwarnings("ignore:__array_wrap__:DeprecationWarning", "ignore:The `scale_model_input`")

PAIRS = [(sampler, schedule) for sampler, spec in SAMPLERS.items() for schedule in spec.schedules]


def _scheduler(sampler: str, schedule: str, steps: int, config: dict):
    name, arguments = scheduler_arguments(sampler, schedule)
    scheduler = getattr(diffusers, name).from_config(config, **arguments)
    scheduler.set_timesteps(steps, device="cpu")
    return scheduler


def _run(sampler: str, schedule: str, steps: int, seed: int = 0, config: dict = SD15_SCHEDULER) -> torch.Tensor:
    """Denoise with a model that always points at one fixed picture."""
    scheduler = _scheduler(sampler, schedule, steps, config)
    generator = torch.Generator().manual_seed(seed)
    accepted = inspect.signature(scheduler.step).parameters
    extra = {"generator": generator} if "generator" in accepted else {}
    picture = torch.linspace(-1, 1, 64).reshape(1, 4, 4, 4)
    latents = torch.randn(1, 4, 4, 4, generator=generator) * scheduler.init_noise_sigma
    for time in scheduler.timesteps:
        scaled = scheduler.scale_model_input(latents, time)
        signal = scheduler.alphas_cumprod[min(int(time), 999)] ** 0.5
        noise = (scaled - signal * picture) / (1 - signal**2) ** 0.5
        latents = scheduler.step(noise, time, latents, **extra, return_dict=False)[0]
    return latents


def test_there_are_at_least_sixteen_samplers() -> None:
    assert len(SAMPLERS) >= 16


@pytest.mark.parametrize(("sampler", "schedule"), PAIRS)
def test_every_sampler_runs_with_every_schedule_it_names(sampler: str, schedule: str) -> None:
    for steps in (1, 2, 7):
        for config in (SD15_SCHEDULER, SDXL_SCHEDULER):
            assert torch.isfinite(_run(sampler, schedule, steps, config=config)).all()


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_every_sampler_finds_the_picture_a_perfect_model_points_at(sampler: str) -> None:
    picture = torch.linspace(-1, 1, 64).reshape(1, 4, 4, 4)
    assert (_run(sampler, "Automatic", 30) - picture).abs().max() < 0.25


@pytest.mark.parametrize(("sampler", "spec"), SAMPLERS.items())
def test_the_stochastic_mark_is_true(sampler: str, spec) -> None:
    """With eta left alone as the engine sets it, only stochastic samplers draw from the generator."""
    scheduler = _scheduler(sampler, "Automatic", 4, SD15_SCHEDULER)
    generator = torch.Generator().manual_seed(1)
    accepted = inspect.signature(scheduler.step).parameters
    extra = {"generator": generator} if "generator" in accepted else {}
    extra |= {"eta": 0.0} if "eta" in accepted else {}
    before = generator.get_state()
    latents = torch.ones(1, 4, 4, 4)
    for time in scheduler.timesteps:
        latents = scheduler.step(latents * 0.1, time, latents, **extra, return_dict=False)[0]
    assert (not torch.equal(before, generator.get_state())) == spec.stochastic


@pytest.mark.parametrize(("sampler", "spec"), SAMPLERS.items())
def test_the_same_seed_gives_the_same_bytes(sampler: str, spec) -> None:
    first, second = _run(sampler, "Automatic", 5, seed=3), _run(sampler, "Automatic", 5, seed=3)
    assert torch.equal(first, second)


@pytest.mark.parametrize(("sampler", "spec"), SAMPLERS.items())
def test_evaluations_count_the_runs_of_the_unet(sampler: str, spec) -> None:
    evaluations = len(_scheduler(sampler, "Automatic", 20, SD15_SCHEDULER).timesteps) / 20
    assert round(evaluations) == spec.evaluations


@pytest.mark.parametrize(("sampler", "spec"), SAMPLERS.items())
def test_arguments_are_the_schedulers_own(sampler: str, spec) -> None:
    for schedule in spec.schedules:
        name, arguments = scheduler_arguments(sampler, schedule)
        known = inspect.signature(getattr(diffusers, name).__init__).parameters
        assert set(arguments) <= set(known)


@pytest.mark.parametrize(("sampler", "spec"), SAMPLERS.items())
def test_the_longest_run_is_really_the_longest(sampler: str, spec) -> None:
    _scheduler(sampler, "Automatic", spec.max_steps, SD15_SCHEDULER)
    if spec.max_steps < 150:
        with pytest.raises(ValueError):
            _scheduler(sampler, "Automatic", spec.max_steps + 1, SD15_SCHEDULER)


def test_a_schedule_overrides_the_one_in_the_checkpoints_config() -> None:
    config = {**SD15_SCHEDULER, "use_karras_sigmas": True}
    scheduler = _scheduler("Euler", "Exponential", 5, config)
    assert scheduler.config["use_exponential_sigmas"]
    assert not scheduler.config["use_karras_sigmas"]


def test_karras_differs_from_uniform() -> None:
    karras, uniform = (_scheduler("DPM++ 2M", name, 10, SD15_SCHEDULER) for name in ("Karras", "Uniform"))
    assert not torch.equal(karras.sigmas, uniform.sigmas)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("DPM++ 2M Karras", ("DPM++ 2M", "Karras")),
        ("DPM++ 2M SDE Exponential", ("DPM++ 2M SDE", "Exponential")),
        ("dpm++ 2m sde karras", ("DPM++ 2M SDE", "Karras")),
        ("DPM++ 2M SDE Heun Exponential", ("DPM++ 2M SDE Heun", "Exponential")),
        ("Euler SGM Uniform", ("Euler", "SGM Uniform")),
        ("Euler a", ("Euler a", "Automatic")),
        ("k_euler_ancestral", ("Euler a", "Automatic")),
        ("dpmpp_2m", ("DPM++ 2M", "Automatic")),
        ("Restart Karras", ("Restart Karras", "Automatic")),
        ("", ("", "Automatic")),
    ],
)
def test_split_name(name: str, expected: tuple[str, str]) -> None:
    assert split_name(name) == expected


@pytest.mark.parametrize(("sampler", "schedule"), PAIRS)
def test_a_compound_name_says_the_same_as_sampler_and_schedule(sampler: str, schedule: str) -> None:
    assert scheduler_arguments(f"{sampler} {schedule}") == scheduler_arguments(sampler, schedule)


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_a_sampler_or_an_unknown_name(text: str) -> None:
    try:
        find_sampler(text)
    except UnknownName as error:
        assert error.message


def test_unknown_names_come_with_a_hint() -> None:
    with pytest.raises(UnknownName) as unknown:
        scheduler_arguments("DPM++ 2N")
    assert "DPM++ 2M" in unknown.value.hint
    with pytest.raises(UnknownName) as schedule:
        scheduler_arguments("Euler", "Karas")
    assert "Karras" in schedule.value.hint
    with pytest.raises(UnknownName) as unfit:
        scheduler_arguments("Euler a", "Karras")
    assert "Automatic" in unfit.value.hint


def test_every_entry_explains_itself_in_a_sentence() -> None:
    for spec in [*SAMPLERS.values(), *SCHEDULES.values()]:
        assert spec.explanation.endswith(".")
        assert len(spec.explanation) < 80
