from dataclasses import FrozenInstanceError, fields
from pathlib import Path

import pytest

from studio.errors import StudioError
from studio.settings import PROJECT_ROOT, Settings


def test_an_empty_environment_gives_the_users_data_folder_and_automatic_everything():
    settings = Settings.from_env({})
    assert settings.home.name == "poseanimeflow-studio"
    assert settings.home.is_absolute()
    assert settings.models == settings.home / "models"
    assert settings.database == settings.home / "studio.sqlite3"
    assert settings.starter == PROJECT_ROOT / "starter"
    assert (settings.device, settings.dtype, settings.slots, settings.offline) == ("auto", "auto", 0, False)


def test_every_field_has_its_variable(tmp_path: Path):
    env = {
        "STUDIO_HOME": str(tmp_path / "a"),
        "STUDIO_MODELS": str(tmp_path / "b"),
        "STUDIO_DEVICE": "cuda:0,cuda:1",
        "STUDIO_DTYPE": "bfloat16",
        "STUDIO_SLOTS": "8",
        "STUDIO_MEMORY_BUDGET_GB": "7.5",
        "STUDIO_OFFLINE": "1",
    }
    assert {f"STUDIO_{field.name.upper()}" for field in fields(Settings)} == set(env)
    assert Settings.from_env(env) == Settings(
        home=tmp_path / "a",
        models=tmp_path / "b",
        device="cuda:0,cuda:1",
        dtype="bfloat16",
        slots=8,
        memory_budget_gb=7.5,
        offline=True,
    )


def test_the_hubs_own_offline_switch_counts_unless_ours_is_set():
    assert Settings.from_env({"HF_HUB_OFFLINE": "1"}).offline
    assert not Settings.from_env({"HF_HUB_OFFLINE": "1", "STUDIO_OFFLINE": "0"}).offline


@pytest.mark.parametrize(
    ("name", "value", "remedy"),
    [
        ("STUDIO_SLOTS", "many", "a number from 0 to 64"),
        ("STUDIO_SLOTS", "65", "a number from 0 to 64"),
        ("STUDIO_SLOTS", "-1", "a number from 0 to 64"),
        ("STUDIO_MEMORY_BUDGET_GB", "nan", "a number from 0 to 4096"),
        ("STUDIO_DTYPE", "float8", "one of auto, float32, float16, bfloat16"),
    ],
)
def test_nonsense_is_refused_by_name_with_the_remedy(name: str, value: str, remedy: str):
    with pytest.raises(StudioError) as caught:
        Settings.from_env({name: value})
    assert caught.value.message == f"{name} is {value!r}."
    assert remedy in caught.value.hint


def test_a_home_in_tilde_form_is_expanded():
    assert Settings.from_env({"STUDIO_HOME": "~/studio"}).home == Path.home().resolve() / "studio"


def test_settings_do_not_change(settings: Settings):
    with pytest.raises(FrozenInstanceError):
        settings.slots = 3  # type: ignore[misc]
