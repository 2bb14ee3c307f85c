"""Samplers and noise schedules under their A1111 names, as diffusers scheduler classes with arguments.

Every sampler here runs per cell: one scheduler object, one ``torch.Generator``, no state shared between cells. Samplers
that need a Brownian tree over the whole run (``DPM++ SDE``) are left out, because diffusers' class for them takes its
noise from torchsde's own seed instead of the cell's generator.

To add one, add one entry; the page, the command line and the parametrized tests pick it up.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from studio.catalog import names
from studio.catalog.schedules import AUTOMATIC, SCHEDULES
from studio.errors import UnknownName


@dataclass(frozen=True, slots=True)
class SamplerSpec:
    """One sampler: the diffusers scheduler class behind it and how it behaves."""

    scheduler: str
    explanation: str
    kwargs: dict[str, Any] = field(default_factory=dict)
    stochastic: bool = False
    """Draws fresh noise at every step: more steps change the picture instead of refining it."""
    evaluations: int = 1
    """Runs of the UNet per step."""
    sigmas: bool = True
    """Knows Karras, Exponential and Beta."""
    spacing: bool = True
    """Knows Uniform, Leading, Trailing and SGM Uniform."""
    automatic: str = AUTOMATIC
    """The schedule that ``Automatic`` stands for; ``Automatic`` itself: the checkpoint's own."""
    max_steps: int = 150
    aliases: tuple[str, ...] = ()

    @property
    def schedules(self) -> tuple[str, ...]:
        """Names of the schedules this sampler knows, ``Automatic`` first."""
        able = {"": True, "sigmas": self.sigmas, "spacing": self.spacing}
        return tuple(name for name, schedule in SCHEDULES.items() if able[schedule.needs])


SAMPLERS: dict[str, SamplerSpec] = {
    "DPM++ 2M": SamplerSpec(
        "DPMSolverMultistepScheduler",
        "The usual choice: clean lines at 20–30 steps.",
        {"algorithm_type": "dpmsolver++", "solver_order": 2, "solver_type": "midpoint"},
        automatic="Karras",
        aliases=("dpmpp_2m", "k_dpmpp_2m"),
    ),
    "DPM++ 2M SDE": SamplerSpec(
        "DPMSolverMultistepScheduler",
        "Like DPM++ 2M with fresh noise: richer detail, a little less predictable.",
        {"algorithm_type": "sde-dpmsolver++", "solver_order": 2, "solver_type": "midpoint"},
        stochastic=True,
        automatic="Exponential",
        aliases=("dpmpp_2m_sde", "k_dpmpp_2m_sde"),
    ),
    "DPM++ 2M SDE Heun": SamplerSpec(
        "DPMSolverMultistepScheduler",
        "DPM++ 2M SDE with Heun's correction: calmer at few steps.",
        {"algorithm_type": "sde-dpmsolver++", "solver_order": 2, "solver_type": "heun"},
        stochastic=True,
        automatic="Exponential",
        aliases=("dpmpp_2m_sde_heun", "k_dpmpp_2m_sde_heun"),
    ),
    "DPM++ 3M SDE": SamplerSpec(
        "DPMSolverMultistepScheduler",
        "Third order with fresh noise: needs 30 steps or more, and low guidance.",
        {"algorithm_type": "sde-dpmsolver++", "solver_order": 3},
        stochastic=True,
        automatic="Exponential",
        aliases=("dpmpp_3m_sde", "k_dpmpp_3m_sde"),
    ),
    "DPM++ 2S": SamplerSpec(
        "DPMSolverSinglestepScheduler",
        "Second order in pairs of steps: steadier than 2M at high guidance.",
        {"algorithm_type": "dpmsolver++", "solver_order": 2, "lower_order_final": True},
        spacing=False,
        automatic="Karras",
        aliases=("dpmpp_2s",),
    ),
    "Euler": SamplerSpec("EulerDiscreteScheduler", "Simple and dependable; soft shading.", aliases=("k_euler",)),
    "Euler a": SamplerSpec(
        "EulerAncestralDiscreteScheduler",
        "A favourite for anime: lively, changes with the number of steps.",
        stochastic=True,
        sigmas=False,
        aliases=("euler_ancestral", "k_euler_a", "k_euler_ancestral", "euler_a"),
    ),
    "Heun": SamplerSpec(
        "HeunDiscreteScheduler", "Euler, corrected: twice the time, accurate.", evaluations=2, aliases=("k_heun",)
    ),
    "DPM2": SamplerSpec(
        "KDPM2DiscreteScheduler",
        "Second order, twice the time; sharp.",
        evaluations=2,
        automatic="Karras",
        aliases=("dpm_2", "k_dpm_2"),
    ),
    "DPM2 a": SamplerSpec(
        "KDPM2AncestralDiscreteScheduler",
        "DPM2 with fresh noise: twice the time; very detailed.",
        stochastic=True,
        evaluations=2,
        automatic="Karras",
        aliases=("dpm_2_ancestral", "k_dpm_2_a", "k_dpm_2_ancestral"),
    ),
    "LMS": SamplerSpec(
        "LMSDiscreteScheduler", "An early multistep sampler; needs 40 steps or more.", aliases=("k_lms",)
    ),
    "DEIS": SamplerSpec(
        "DEISMultistepScheduler", "Fast multistep sampler; smooth colours.", aliases=("deis_multistep",)
    ),
    "UniPC": SamplerSpec(
        "UniPCMultistepScheduler",
        "Predicts and corrects: good pictures from 10–15 steps.",
        aliases=("uni_pc", "uni_pc_bh2"),
    ),
    "SA-Solver": SamplerSpec(
        "SASolverScheduler",
        "Stochastic Adams: detailed and steady at 20 steps and more.",
        stochastic=True,
        aliases=("sa_solver",),
    ),
    "DDIM": SamplerSpec(
        "DDIMScheduler",
        "The classic: exact and repeatable, 30–50 steps.",
        {"clip_sample": False, "set_alpha_to_one": False},
        sigmas=False,
    ),
    "PLMS": SamplerSpec(
        "PNDMScheduler",
        "What Stable Diffusion 1 was released with; 30–50 steps.",
        {"skip_prk_steps": True, "set_alpha_to_one": False},
        sigmas=False,
        aliases=("pndm",),
    ),
    "DDPM": SamplerSpec(
        "DDPMScheduler",
        "The training process run backwards: needs many steps.",
        {"clip_sample": False, "variance_type": "fixed_small"},
        stochastic=True,
        sigmas=False,
    ),
    "LCM": SamplerSpec(
        "LCMScheduler",
        "For LCM models and LoRAs: 4–8 steps, guidance 1–2.",
        {"clip_sample": False},
        stochastic=True,
        sigmas=False,
        spacing=False,
        max_steps=50,
    ),
    "TCD": SamplerSpec(
        "TCDScheduler",
        "For TCD and Hyper-SD LoRAs: 4–8 steps, guidance 1.",
        {"clip_sample": False},
        sigmas=False,
        spacing=False,
        max_steps=50,
    ),
}


def find_sampler(name: str) -> SamplerSpec:
    """The sampler called ``name`` (an alias or old compound name such as ``DPM++ 2M Karras`` will do).

    Raises:
        UnknownName: there is none; the hint offers near names.
    """
    sampler, _ = split_name(name)
    if sampler not in SAMPLERS:
        raise UnknownName(f"There is no sampler called {name!r}.", names.hint(name, SAMPLERS))
    return SAMPLERS[sampler]


def split_name(name: str) -> tuple[str, str]:
    """(sampler, schedule) of a name from anywhere: ``DPM++ 2M Karras`` → ``("DPM++ 2M", "Karras")``.

    A name nobody knows comes back as it is, with ``Automatic``.
    """
    plain = _canonical(name)
    if plain:
        return plain, AUTOMATIC
    for schedule in SCHEDULES:
        ending = names.folded(schedule)
        start = names.folded(name).removesuffix(f" {ending}")
        if start != names.folded(name) and (sampler := _canonical(start)):
            return sampler, schedule
    return name, AUTOMATIC


def scheduler_arguments(sampler: str, schedule: str = AUTOMATIC) -> tuple[str, dict[str, Any]]:
    """(diffusers class name, arguments over the checkpoint's scheduler config).

    Raises:
        UnknownName: no such sampler or schedule, or the sampler does not know the schedule.
    """
    spec = find_sampler(sampler)
    name, old_style = split_name(sampler)
    chosen = names.match(schedule, SCHEDULES)
    if chosen is None:
        raise UnknownName(f"There is no schedule called {schedule!r}.", names.hint(schedule, spec.schedules))
    if chosen == AUTOMATIC:
        chosen = spec.automatic if old_style == AUTOMATIC else old_style
    if chosen not in spec.schedules:
        raise UnknownName(
            f"The sampler {name} does not know the schedule {chosen}.", f"It knows {', '.join(spec.schedules)}."
        )
    return spec.scheduler, {**spec.kwargs, **_sigma_flags(spec, chosen), **SCHEDULES[chosen].kwargs}


def _sigma_flags(spec: SamplerSpec, schedule: str) -> dict[str, Any]:
    # A scheduler allows one of the three at most, and the checkpoint's config may have set another one.
    if not spec.sigmas or schedule == AUTOMATIC:
        return {}
    return dict.fromkeys(("use_karras_sigmas", "use_exponential_sigmas", "use_beta_sigmas"), False)


def _canonical(name: str) -> str | None:
    found = names.match(name, SAMPLERS)
    if found:
        return found
    wanted = names.folded(name)
    return next((key for key, spec in SAMPLERS.items() if wanted in map(names.folded, spec.aliases)), None)
