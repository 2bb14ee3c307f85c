import os
import signal
import socket
import subprocess
import sys
import urllib.request

import pytest

from studio.jobs.supervisor import environment as as_variables
from studio.settings import PROJECT_ROOT


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_a_taken_port_is_said(run, port):
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        outcome = run("serve", "--port", port, "--json")
    assert (outcome.status, outcome.out) == (1, "")
    assert f"Port {port} is taken" in outcome.err
    assert f"--port {port + 1}" in outcome.err


def test_it_announces_its_address_serves_the_page_and_ends_when_told(settings, port):
    process = subprocess.Popen(
        [sys.executable, "-m", "studio", "serve", "--port", str(port), "--json"],
        # Started from anywhere, the app and its settings are found.
        env={**os.environ, **as_variables(settings), "PYTHONPATH": str(PROJECT_ROOT)},
        cwd=settings.home.parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    try:
        announced = "".join(process.stdout.readline() for _ in range(3))
        assert announced == f'{{\n  "address": "http://127.0.0.1:{port}"\n}}\n'
        assert any("http://" in line or "URL" in line for line in process.stderr)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health") as answer:
            assert answer.status == 200
    finally:
        process.send_signal(signal.SIGTERM)
        rest, _ = process.communicate()
    assert rest == ""
