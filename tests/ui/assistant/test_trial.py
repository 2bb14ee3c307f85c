"""The test of a connection, against a scripted server on loopback."""

from __future__ import annotations

from studio.assistant.endpoint import endpoint
from studio.ui.assistant.trial import Trial
from tests.assistant import scripted
from tests.assistant.scripted import failing, listing


def test_a_trial_lists_the_models_or_says_why_not():
    with scripted.servers() as serve:
        good, bad = Trial(endpoint(serve(listing("b", "a")).url, "a")), Trial(endpoint(serve(failing(401)).url))
        assert good.wait(30) and bad.wait(30)
    assert (good.models, good.failure, good.model) == (("a", "b"), None, "a")
    assert bad.failure is not None and "wants a key" in bad.failure.message


def test_a_trial_is_cancelled_at_once():
    with scripted.servers() as serve:

        def hang(handler: scripted.Handler) -> None:
            handler.server.over.wait(30)

        trial = Trial(endpoint(serve(hang).url))
        assert not trial.done
        trial.cancel()
        assert trial.wait(30)
        assert trial.failure is not None and trial.models == ()
