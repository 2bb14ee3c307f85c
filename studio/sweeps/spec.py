"""A sweep as a person writes it down, and as YAML: the request all cells share, the axes, what to skip."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from studio.errors import InvalidRequest
from studio.poses.library import library_pose
from studio.poses.values import Pose
from studio.prompts.library.entries import Template
from studio.request import MAX_PROMPT, GenerationRequest
from studio.request_errors import explain
from studio.sweeps.presets import NamedTemplate
from studio.sweeps.values import texts

FindPose = Callable[[str], Pose]
MAX_YAML = 2_000_000
_HINT = "A sweep has a title, a request and axes; python -m studio sweep run --help shows one."


class AxisSpec(BaseModel):
    """An axis and its values as text. Axes of equal ``zip`` advance together instead of making a grid."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    axis: str = Field(min_length=1, max_length=60)
    values: str = Field(max_length=100_000)
    zip: str | None = Field(default=None, max_length=40)


class TemplateSpec(BaseModel):
    """The words of a style template."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    prompt: str = Field(default="{prompt}", max_length=MAX_PROMPT)
    negative_prompt: str = Field(default="", max_length=MAX_PROMPT)
    subject: str = Field(default="", max_length=MAX_PROMPT)

    @classmethod
    def of(cls, template: Template) -> TemplateSpec:
        return cls(prompt=template.prompt, negative_prompt=template.negative_prompt, subject=template.subject)

    def named(self, name: str) -> NamedTemplate:
        return NamedTemplate(name, self.prompt, self.negative_prompt, self.subject)


class SweepSpec(BaseModel):
    """Everything that makes a sweep. Frozen; the same spec always gives the same cells."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str = Field(default="", max_length=200)
    request: GenerationRequest
    axes: Annotated[tuple[AxisSpec, ...], Field(min_length=1, max_length=12)]
    skip: str = ""
    """Cells for which this condition holds are left out; see ``studio.sweeps.conditions``."""
    poses: dict[Annotated[str, Field(min_length=1, max_length=100)], Pose] = {}
    """Poses that are not in the library, by the names the axes use."""
    templates: dict[Annotated[str, Field(min_length=1, max_length=200)], TemplateSpec] = {}
    """Style templates that are not in the library, likewise."""

    @classmethod
    def build(cls, **fields: Any) -> SweepSpec:
        """Validate ``fields``.

        Raises:
            InvalidRequest: names what is wrong.
        """
        try:
            return cls.model_validate(fields)
        except ValidationError as error:
            raise explain(error, cls) from None

    def to_yaml(self) -> str:
        """YAML that :func:`read_spec` reads back as the same sweep."""
        document = self.model_dump(mode="json", exclude_defaults=True)
        return yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=120)


class _Loader(yaml.SafeLoader):
    """YAML without aliases: nobody writes them into a sweep, and they can make a small file huge."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise InvalidRequest("The sweep uses YAML aliases (*name).", "Write the values out instead.")
        return super().compose_node(parent, index)


def read_spec(
    text: str, find_pose: FindPose = library_pose, complete: Callable[[dict], dict] = lambda request: request
) -> SweepSpec:
    """A sweep from YAML (or JSON, which is YAML too).

    Poses may be given by name: as ``request: {pose: jogging}``, as the pose of a control, and as values of the axis.

    Args:
        find_pose: the pose of a name. The command line's also reads files; a page's never does.
        complete: adds the fields that the sweep's request leaves out.

    Raises:
        InvalidRequest: it is no sweep; the message names the line or the field.
        StudioError: a pose is unknown or unusable.
    """
    if len(text) > MAX_YAML:
        raise InvalidRequest("The sweep file is too large.", "Two megabytes are allowed.")
    try:
        document = yaml.load(text, _Loader)
    except yaml.MarkedYAMLError as error:
        line = f" in line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise InvalidRequest(
            f"The sweep is not valid YAML{line}.", f"{error.problem or 'Check the indents'}."
        ) from None
    except (yaml.YAMLError, RecursionError, ValueError):
        raise InvalidRequest("The sweep is not valid YAML.", _HINT) from None
    if not isinstance(document, dict) or not isinstance(document.get("request", {}), dict):
        raise InvalidRequest("This file is no sweep.", _HINT)
    axes = document.get("axes") or []
    poses = dict(document.get("poses") or {})
    if not isinstance(axes, list) or not all(isinstance(axis, dict) for axis in axes):
        raise InvalidRequest("The axes of a sweep are a list.", _HINT, "axes")
    if not axes:
        raise InvalidRequest("The sweep has no axes.", _HINT, "axes")
    axes = [_as_text(axis) for axis in axes]
    for name in _pose_files(axes):
        poses.setdefault(name, find_pose(name))
    request = _with_poses(complete(dict(document.get("request") or {})), find_pose)
    return SweepSpec.build(**{**document, "axes": axes, "request": request, "poses": poses})


def _pose_files(axes: list[dict]) -> list[str]:
    """The values of pose axes that name files."""
    named = [axis["values"] for axis in axes if str(axis.get("axis", "")).partition("@")[0] == "pose"]
    return [name for text in named if text.strip() for name in texts(text) if name.lower().endswith(".json")]


def _with_poses(request: dict, find_pose: FindPose) -> dict:
    """The request's fields with named poses looked up."""
    controls = list(request.get("controls") or [])
    if name := request.pop("pose", None):
        controls.insert(0, {"type": "openpose", "pose": name})
    for place, unit in enumerate(controls):
        if isinstance(unit, dict) and isinstance(unit.get("pose"), str):
            controls[place] = {**unit, "pose": find_pose(unit["pose"])}
    return {**request, "controls": controls} if controls else request


def _as_text(axis: dict) -> dict:
    """``values: [20, 30]`` and ``values: 20`` are understood as well as text."""
    values = axis.get("values")
    if isinstance(values, list):  # The last || keeps a single value with commas in one piece.
        return {**axis, "values": "".join(f"{value} || " for value in values)}
    return {**axis, "values": "" if values is None else str(values)}
