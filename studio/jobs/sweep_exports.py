"""A kept sweep as files: report, montage, tables, and the YAML that runs it again."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping, Sequence

from PIL import Image

from studio.errors import StudioError
from studio.gallery import Gallery
from studio.jobs.sweeps import CellStatus, Sweep
from studio.request import ImageRef
from studio.sweeps import html_report, montage, records
from studio.sweeps.expansion import Expanded
from studio.sweeps.layout import Layout, default_layout, sheets
from studio.sweeps.records import Outcome

REPORT_SIDE = 768
QUALITY = 85
Scores = Mapping[int, Mapping[str, float | None]]
"""By picture id, then by metric."""


class SweepExports:
    """The files of one sweep, as it stands now.

    Args:
        cells: from ``Sweeps.cells``. scores: what was measured of its pictures.
    """

    def __init__(
        self,
        sweep: Sweep,
        expanded: Expanded,
        cells: Sequence[CellStatus],
        gallery: Gallery,
        scores: Scores | None = None,
    ) -> None:
        self._sweep, self._expanded, self._cells, self._gallery = sweep, expanded, cells, gallery
        self.outcomes = outcomes(cells, scores or {})

    def csv(self) -> bytes:
        return records.to_csv(self._expanded, self.outcomes).encode("utf-8-sig")  # so that spreadsheets see UTF-8

    def json(self) -> bytes:
        return records.to_json(self._sweep.title, self._expanded, self.outcomes).encode()

    def yaml(self) -> bytes:
        return self._sweep.spec.to_yaml().encode()

    def html(self, layout: Layout | None = None) -> Iterator[bytes]:
        spec = self._sweep.spec.model_copy(update={"title": self._sweep.title})
        for part in html_report.report(spec, self._expanded, self.outcomes, self._webp, layout):
            yield part.encode()

    def montages(self, layout: Layout | None = None, side: int = 512) -> Iterator[bytes]:
        """One PNG for each page of the layout, or several where a page is too large for one."""
        pages = sheets(self._expanded, layout or default_layout(self._expanded))
        for image in montage.montages(pages, self.open, side, self._sweep.title):
            file = io.BytesIO()
            image.save(file, "PNG")
            yield file.getvalue()

    def open(self, number: int) -> Image.Image | None:
        """The picture of a cell; None where there is none, or its file is gone."""
        sha256 = self._cells[number].sha256
        try:
            return self._gallery.open_image(ImageRef(sha256=sha256)) if sha256 else None
        except StudioError:
            return None

    def _webp(self, number: int) -> bytes | None:
        image = self.open(number)
        if image is None:
            return None
        image.thumbnail((REPORT_SIDE, REPORT_SIDE), Image.Resampling.LANCZOS)
        file = io.BytesIO()
        image.save(file, "WEBP", quality=QUALITY)
        return file.getvalue()


def outcomes(cells: Sequence[CellStatus], scores: Scores) -> list[Outcome]:
    """What became of every cell, for tables and reports."""
    return [
        Outcome(cell.state.value, cell.picture_id, cell.seconds, scores.get(cell.picture_id or 0, {})) for cell in cells
    ]


FORMATS: dict[str, Callable[[SweepExports], Iterator[bytes]]] = {
    ".html": lambda exports: exports.html(),
    ".png": lambda exports: exports.montages(),
    ".csv": lambda exports: iter([exports.csv()]),
    ".json": lambda exports: iter([exports.json()]),
    ".yaml": lambda exports: iter([exports.yaml()]),
}
"""By the ending of the file. Each part of a montage is a file of its own; the parts of the others make one file."""
