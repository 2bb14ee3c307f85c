"""Pages under Streamlit's own test driver, with a studio of their own and the tiny models; no worker runs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from studio.gallery import Picture, Provenance
from studio.request import GenerationRequest
from studio.settings import Settings
from studio.ui.services import Services, services

MAIN = Path(__file__).parents[2] / "pages" / "main.py"


@pytest.fixture
def studio_settings(zoo_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The environment names this studio."""
    monkeypatch.setenv("STUDIO_HOME", str(zoo_settings.home))
    monkeypatch.setenv("STUDIO_MODELS", str(zoo_settings.models))
    monkeypatch.setenv("STUDIO_DEVICE", "cpu")
    return zoo_settings


@pytest.fixture
def parts(studio_settings: Settings) -> Services:
    return services()


@pytest.fixture
def open_page(studio_settings: Settings) -> Callable[..., AppTest]:
    """``open_page("models.py")``: a new session on that page, drawn once without a failure."""

    def opened(page: str = "generate.py") -> AppTest:
        test = AppTest.from_file(str(MAIN), default_timeout=60)
        test.run()
        if page != "generate.py":
            test.switch_page(page).run()
        assert not test.exception
        return test

    return opened


@pytest.fixture
def add_picture(parts: Services) -> Callable[..., Picture]:
    """Puts a picture into the gallery as if a worker had made it."""

    def added(**fields: object) -> Picture:
        values = {"prompt": "1girl", "checkpoint": "tiny-sd15", "seed": 7, "width": 64, "height": 96, **fields}
        request = GenerationRequest.build(**values)
        return parts.gallery.add(Image.new("RGB", (64, 96), "teal"), request, Provenance(device="cpu"))

    return added
