"""The picture value and how it is read from the database."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from studio.errors import StudioError
from studio.gallery import infotext
from studio.gallery.provenance import Provenance
from studio.request import GenerationRequest

SHOWN = "kind = 'generated' AND deleted IS NULL AND missing = 0"
"""The condition under which a row of ``images`` is a picture of the gallery."""
TRASHED = "kind = 'generated' AND deleted IS NOT NULL AND purged = 0 AND missing = 0"
"""The condition under which a row of ``images`` is a picture in the trash."""
COLUMNS = """images.*,
    (SELECT json_group_array(value) FROM labels WHERE image_id = images.id AND kind = 'tag') AS tags,
    (SELECT json_group_array(value) FROM labels WHERE image_id = images.id AND kind = 'collection') AS collections"""
"""What a query selects for :func:`picture_of`."""


@dataclass(frozen=True)
class Picture:
    """One picture of the gallery, drawn here or imported."""

    id: int
    sha256: str
    """Names its file; ``ImageRef(sha256=…)`` points to its pixels."""
    digest: str
    """Of the request that made it; empty for a picture that the studio did not draw."""
    request_json: str
    """Empty for an imported picture whose recipe is not known, or not expressible here."""
    provenance_json: str
    width: int
    """In pixels."""
    height: int
    created: float
    """Unix time."""
    seconds: float
    """How long it took to make."""
    parent_id: int | None = None
    """The picture it was made from."""
    owner: str = ""
    origin: str = "studio"
    """Program that made it: ``studio``, ``a1111``, ``comfyui``, ``invokeai`` …, or ``unknown``."""
    found_parameters: str = ""
    """A1111 text found in an imported file, or put together from what its own metadata say."""
    rating: int = 0
    """1 to 5; 0: not rated."""
    favourite: bool = False
    tags: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()
    trashed: bool = False

    @property
    def kind(self) -> Literal["generated", "imported"]:
        """``imported``: another program made it."""
        return "generated" if self.origin == "studio" else "imported"

    @property
    def has_recipe(self) -> bool:
        """Whether :attr:`request` can be read."""
        return bool(self.request_json)

    # Read when first asked for: a page of thumbnails needs none of them.
    @cached_property
    def request(self) -> GenerationRequest:
        """The recipe. Of a picture of another program: its settings, translated as far as they exist here.

        Raises:
            StudioError: this picture came without a recipe (see :attr:`has_recipe`).
        """
        if not self.request_json:
            raise StudioError(
                "This picture came without a recipe that the studio understands.", "Type its settings by hand."
            )
        return GenerationRequest.from_json(self.request_json)

    @cached_property
    def words(self) -> str:
        """The prompt, as far as one is known."""
        return self.request.prompt if self.request_json else infotext.parse(self.found_parameters).get("Prompt", "")

    @cached_property
    def provenance(self) -> Provenance:
        return Provenance.model_validate_json(self.provenance_json)

    @cached_property
    def parameters(self) -> str:
        """A1111's text of this picture; empty where nothing is known."""
        if self.found_parameters or not self.request_json:
            return self.found_parameters
        return infotext.write(self.request, self.provenance)


def picture_of(row: sqlite3.Row) -> Picture:
    """The picture in a row of :data:`COLUMNS`."""
    return Picture(
        id=row["id"],
        sha256=row["sha256"],
        digest=row["digest"] or "",
        request_json=row["request"] or "",
        provenance_json=row["provenance"],
        width=row["width"],
        height=row["height"],
        created=row["created"],
        seconds=row["seconds"],
        parent_id=row["parent_id"],
        owner=row["owner"],
        origin=row["origin"],
        found_parameters=row["parameters"],
        rating=row["rating"],
        favourite=bool(row["favourite"]),
        tags=tuple(json.loads(row["tags"])),
        collections=tuple(json.loads(row["collections"])),
        trashed=row["deleted"] is not None,
    )


def picture_id_of(connection: sqlite3.Connection, digest: str) -> int | None:
    """The id of the shown picture made by the request of this digest."""
    row = connection.execute(f"SELECT id FROM images WHERE digest = ? AND {SHOWN}", (digest,)).fetchone()
    return row and row["id"]
