"""A question that runs in a thread, for pages that are drawn again and again while the answer comes."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from studio.assistant import answers
from studio.assistant.failures import Stopped
from studio.assistant.proposing import Outcome
from studio.assistant.wire import Cancel
from studio.errors import StudioError

_LOG = logging.getLogger(__name__)
Work = Callable[[Callable[[str], None], Cancel], Outcome]
"""``lambda on_text, cancel: propose(client, ask, library, on_text=on_text, cancel=cancel)``."""


class Running:
    """One question on its way. Look at it from any thread, as often as you like."""

    def __init__(self, work: Work) -> None:
        self._cancel = Cancel()
        self._done = threading.Event()
        self._text = ""
        self.outcome: Outcome | None = None
        """The answer, once it is there."""
        self.failure: StudioError | None = None
        """Why there will be none."""
        threading.Thread(target=self._run, args=(work,), name="assistant", daemon=True).start()

    @property
    def done(self) -> bool:
        return self._done.is_set()

    @property
    def text(self) -> str:
        """What the model has said so far, letter by letter."""
        return self._text

    @property
    def so_far(self) -> tuple[str, str]:
        """Note and prompt as far as they have come."""
        return answers.so_far(self._text)

    def cancel(self) -> None:
        """Stop at once; the server is hung up on."""
        self._cancel.cancel()

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until it is done; whether it is."""
        return self._done.wait(seconds)

    def _run(self, work: Work) -> None:
        try:
            self.outcome = work(self._heard, self._cancel)
        except StudioError as failure:
            self.failure = failure
        except Exception:  # a mistake of ours must not leave a page waiting for ever
            _LOG.exception("the assistant failed")
            self.failure = StudioError("The assistant failed.", "Try again; the studio's log says more.")
        finally:
            if self._cancel.cancelled and self.outcome is None:
                self.failure = Stopped(self._text)
            self._done.set()

    def _heard(self, text: str) -> None:
        self._text = text
