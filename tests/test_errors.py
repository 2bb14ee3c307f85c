import pickle

import pytest

from studio import errors
from studio.errors import InvalidRequest, StudioError

KINDS = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, StudioError)]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_crosses_a_process_border_with_message_and_hint(kind):
    error = pickle.loads(pickle.dumps(kind("The disk is full.", "Free some space.")))
    assert (type(error), error.message, error.hint) == (kind, "The disk is full.", "Free some space.")
    assert str(error) == "The disk is full."
    assert error.kind == kind.__name__


def test_an_invalid_request_keeps_its_field_on_the_way():
    error = pickle.loads(pickle.dumps(InvalidRequest("Steps is 0.", "Choose 1 to 150.", field="steps")))
    assert (error.message, error.hint, error.field) == ("Steps is 0.", "Choose 1 to 150.", "steps")


def test_the_tree_at_the_top_of_the_module_names_every_kind():
    assert all(kind.__name__ in errors.__doc__ for kind in KINDS)
