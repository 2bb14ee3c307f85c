from __future__ import annotations


def test_every_shelf_lists_what_is_on_it(open_page):
    page = open_page("models.py")
    names = [name for table in page.dataframe for name in table.value["Name"]]
    assert {"tiny-sd15", "tiny-sdxl", "openpose-sd15", "line", "soft"} <= set(names)
    titles = [heading.value.split(" · ")[0] for heading in page.subheader]
    assert titles == ["Checkpoints", "ControlNets", "LoRAs", "VAEs"]


def test_a_damaged_file_is_listed_with_its_problem(open_page, tmp_path, monkeypatch):
    shelf = tmp_path / "models" / "checkpoints"
    shelf.mkdir(parents=True)
    (shelf / "cut.safetensors").write_bytes(b"\x10\x00")
    monkeypatch.setenv("STUDIO_MODELS", str(shelf.parent))
    page = open_page("models.py")
    assert "cut" in page.dataframe[0].value["Name"].to_list()
    assert any("cut" in error.proto.title for error in page.error)


def test_the_filter_narrows_every_shelf(open_page):
    page = open_page("models.py")
    page.text_input(key="models.filter").set_value("SDXL").run()
    names = [name for table in page.dataframe for name in table.value["Name"]]
    assert names and all("sdxl" in name for name in names)
