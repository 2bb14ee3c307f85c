"""Trying out what the library offers: a small picture of an entry or template, drawn by the checkpoint of the form.

Every picture of one checkpoint has the same seed and figure, so that cards can be compared. They wait behind what was
asked for by hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from studio import availability
from studio.catalog.checkpoints import Checkpoint, traits
from studio.catalog.families import FamilySpec
from studio.errors import StudioError, UnknownName
from studio.gallery.prompt_pictures import Trial, words_of
from studio.jobs import Job, Priority, State
from studio.poses.library import pose_names
from studio.prompts.library.entries import Entry, Item, Template
from studio.prompts.syntax import phrases
from studio.request import GenerationRequest
from studio.ui import desk
from studio.ui.generate import control_sources, forms, progress, random_prompts, suiting
from studio.ui.generate.draft import Draft
from studio.ui.models import Shelves, shelves
from studio.ui.prompts import use
from studio.ui.services import services

MOST = 24
"""Pictures that one click on "Try all shown" asks for."""
SEED = 20
FIGURE = ("1girl", "solo")
"""Wears, does or is surrounded by what an entry says, unless that has people of its own."""
STEPS = 20
SMALLER = 0.75
"""Of the side a large checkpoint was made for: enough to see what it does, in about half the time."""
SMALL_SIDE = 256
"""Checkpoints made for no more than this draw at their own size."""


@dataclass(frozen=True, slots=True)
class Trying:
    """How far the picture of a card is."""

    sha256: str | None = None
    picture_id: int | None = None
    job: int | None = None
    state: State | None = None
    """Of its job, while there is no picture."""
    fraction: float = 0.0
    words: str = ""
    """Of a job that runs or waits, or what went wrong."""

    @property
    def active(self) -> bool:
        return self.state in (State.QUEUED, State.RUNNING)


def checkpoint() -> Checkpoint | None:
    """The usable checkpoint of the form."""
    found = shelves(services().settings).checkpoint(desk.value("checkpoint"))
    return found if found and not found.problem else None


def can_try(item: Item) -> bool:
    """Words of a negative prompt show nothing by themselves."""
    return not (isinstance(item, Entry) and item.problem)


def of(items: Sequence[Item]) -> dict[str, Trying]:
    """What was tried of ``items`` with the form's checkpoint, by key."""
    model = checkpoint()
    tried = services().prompt_pictures.of(items, model.name) if model else {}
    waiting = [each.trial.job for each in tried.values() if each.sha256 is None]
    jobs = {job.id: job for job in services().queue.get(waiting)} if waiting else {}
    return {
        key: Trying(each.sha256, each.picture_id, each.trial.job)
        if each.sha256 is not None
        else _unfinished(jobs.get(each.trial.job))
        for key, each in tried.items()
    }


def _unfinished(job: Job | None) -> Trying:
    if job is None or job.state is State.DONE:  # done, and its picture is in the trash: it can be tried again
        return Trying()
    if job.error:
        return Trying(job=job.id, state=job.state, words=f"{job.error.message} {job.error.hint}")
    return Trying(None, None, job.id, job.state, progress.fraction(job), progress.words(job, None))


def start(items: Iterable[Item]) -> None:
    """Queue pictures of ``items``.

    Raises:
        StudioError: there is no usable checkpoint, or none of them can be drawn with it.
    """
    model = checkpoint()
    if model is None:
        raise UnknownName("There is no checkpoint to draw with.", "Choose one on the Generate page, under Look.")
    parts, models = services(), shelves(services().settings)
    chosen, requests, problem = [], [], None
    for item in items:
        try:
            request = request_for(item, model, models)
            availability.check(parts.settings, request)
        except StudioError as error:
            problem = error
            continue
        chosen.append(item)
        requests.append(request)
    if problem and not requests:
        raise problem
    ids = parts.queue.submit(requests, Priority.SWEEP, owner=desk.desk_id())
    made = zip(chosen, requests, ids, strict=True)
    parts.prompt_pictures.note(model.name, [Trial(i.key, words_of(i), r.digest, id) for i, r, id in made])


def cancel(jobs: Iterable[int]) -> None:
    services().queue.cancel(jobs)


def request_for(item: Item, model: Checkpoint, models: Shelves) -> GenerationRequest:
    """The picture that shows ``item``.

    Raises:
        StudioError: a random template names a wildcard that is not there, or the like.
    """
    draft = draft_of(item, model, models)
    drawn = random_prompts.drawn(draft, services().settings, SEED)[:1]
    return forms.requests_from(draft, SEED, *control_sources.sights(draft, store=False), drawn=drawn)[0]


def draft_of(item: Item, model: Checkpoint, models: Shelves) -> Draft:
    """The form as it would be filled in to show ``item``."""
    family = traits(model)
    plain = Draft(
        negative_prompt=family.example_negative,
        checkpoint=model.name,
        **{**suiting.values(family), "steps": min(family.steps, STEPS), "upscale": False},
    )
    if isinstance(item, Entry):
        width, height = _small(family, 1.0)
        negative = ", ".join(filter(None, (item.negative, family.example_negative)))
        return plain.with_(prompt=_in_a_picture(item), negative_prompt=negative, width=width, height=height)
    return _of_template(item, plain, family, posed=bool(models.controlnets_for(model, "openpose")))


def _of_template(template: Template, plain: Draft, family: FamilySpec, posed: bool) -> Draft:
    settings = template.settings
    width, height = _small(family, float(settings.get("width", 1)) / float(settings.get("height", 1)))
    suited = use.sampling(template) if template.works_for(family.name) else {}
    suited["steps"] = min(int(suited.get("steps", STEPS)), plain.steps)
    pose = {"control": "pose", "pose_name": template.pose} if posed and template.pose in pose_names() else {}
    return plain.with_(
        prompt=template.fill(""), negative_prompt=template.fill_negative(""), width=width, height=height,
        **suited, **pose,
    )  # fmt: skip


def _in_a_picture(entry: Entry) -> str:
    if entry.count is not None:
        return entry.text
    said = {phrase.key for phrase in phrases.split(entry.text)}
    against = {phrases.key_of(text) for text in entry.conflicts} | said
    return ", ".join([entry.text, *(tag for tag in FIGURE if tag not in against)])


def _small(family: FamilySpec, aspect: float) -> tuple[int, int]:
    """Width and height of a trial about as wide by high as ``aspect``."""
    if family.native_size <= SMALL_SIDE:
        return family.native_size, family.native_size
    side = family.native_size * SMALLER
    width, height = (max(64, round(side * stretch / 64) * 64) for stretch in (aspect**0.5, aspect**-0.5))
    return width, height
