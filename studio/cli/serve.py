"""``serve``: the studio in the browser."""

from __future__ import annotations

import argparse
import os
import socket
import subprocess
import sys

from studio.cli import console
from studio.cli.commands import Commands, add_command
from studio.cli.console import Reply
from studio.errors import StudioError
from studio.settings import PROJECT_ROOT, Settings

HOST = "127.0.0.1"


def add_to(commands: Commands) -> None:
    serve = add_command(
        commands, "serve", "start the studio in the browser, on this machine only", "serve --port 8600", run
    )
    serve.add_argument("--port", metavar="N", type=_port, default=8501, help="port to listen on (default 8501)")


def run(arguments: argparse.Namespace) -> Reply:
    Settings.from_env()  # A wrong setting is said here, before a browser is opened.
    _check_free(arguments.port)
    address = f"http://{HOST}:{arguments.port}"
    console.show(Reply({"address": address}, [f"The studio is at {address} (Ctrl+C ends it)."]), arguments.json)
    options = [f"--server.port={arguments.port}", f"--server.address={HOST}", "--server.headless=true"]
    return _become([sys.executable, "-m", "streamlit", "run", str(PROJECT_ROOT / "app.py"), *options])


def _become(command: list[str]) -> Reply:
    """Turn this process into ``command``, so that signals reach the server itself and no idle parent stays behind."""
    os.chdir(PROJECT_ROOT)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # Its log goes to stderr: stdout stays as announced.
    if os.name == "posix":
        os.execv(command[0], command)
    return Reply(None, status=subprocess.call(command))


def _check_free(port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            raise StudioError(
                f"Port {port} is taken; perhaps the studio runs already at http://{HOST}:{port}.",
                f"Open that address, or choose another port: --port {port % 65535 + 1}",
            ) from None


def _port(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port; choose a number from 1 to 65535")
    return int(text)
