"""The test of a connection, in a thread of its own: which models the server has, or why there is no answer."""

from __future__ import annotations

import threading
import time
from dataclasses import replace

from studio.assistant.endpoint import Endpoint
from studio.assistant.wire import Cancel
from studio.errors import StudioError

PATIENCE_SECONDS = 15.0
"""How long a test waits for a server that says nothing; listing models needs no model to be loaded."""


class Trial:
    """One test on its way, or over. Look at it from any thread."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.model = endpoint.model
        self.models: tuple[str, ...] = ()
        self.failure: StudioError | None = None
        self.seconds = 0.0
        self._cancel = Cancel()
        self._done = threading.Event()
        patient = replace(endpoint, silence_seconds=min(PATIENCE_SECONDS, endpoint.silence_seconds))
        threading.Thread(target=self._run, args=(patient,), name="assistant-trial", daemon=True).start()

    @property
    def done(self) -> bool:
        return self._done.is_set()

    def cancel(self) -> None:
        self._cancel.cancel()

    def wait(self, seconds: float | None = None) -> bool:
        return self._done.wait(seconds)

    def _run(self, endpoint: Endpoint) -> None:
        started = time.monotonic()
        try:
            from studio.assistant.client import Client  # slow to import, so in the thread that calls

            self.models = Client(endpoint).models(self._cancel)
        except StudioError as failure:
            self.failure = failure
        except Exception:  # a mistake of ours must not leave the page waiting for ever
            self.failure = StudioError("The test failed.", "Try again; the server's log may say more.")
            raise
        finally:
            self.seconds = time.monotonic() - started
            self._done.set()
