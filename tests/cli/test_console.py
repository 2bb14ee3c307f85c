import io

import pytest

from studio.cli import console
from studio.cli.console import ProgressLine, Reply


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_gets_one_line_that_is_overwritten(monkeypatch):
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    line = ProgressLine()
    line.update("step 10/10")
    line.update("step 10/10")
    line.update("done")
    line.clear()
    assert terminal.getvalue() == "\rstep 10/10\rdone      \r    \r"


def test_a_log_file_gets_lines_now_and_then(monkeypatch, capsys):
    now = iter([0.0, 0.0, 0.5, 3.0, 3.0])
    monkeypatch.setattr("time.monotonic", lambda: next(now))
    line = ProgressLine()
    for step in (1, 2, 3):
        line.update(f"step {step}/3")
    line.clear()
    assert capsys.readouterr().err == "step 1/3\nstep 3/3\n"


def test_a_table_has_aligned_columns():
    assert console.table([("id", "prompt"), ("12", "girl"), ("7", "")]) == ["id  prompt", "12  girl", "7"]


def test_json_is_the_only_thing_on_stdout_and_keeps_every_script(capsys):
    console.show(Reply({"prompt": "走る 🌸"}, ["for people"]), as_json=True)
    assert capsys.readouterr().out == '{\n  "prompt": "走る 🌸"\n}\n'


@pytest.mark.parametrize("as_json", [True, False])
def test_an_answer_that_was_given_already_prints_nothing(capsys, as_json):
    console.show(Reply(None, status=1), as_json)
    assert capsys.readouterr().out == ""
