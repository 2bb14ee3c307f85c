"""What the bundled starter checkpoint says of itself: ``starter/facts.json``, written by its export."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from studio.settings import PROJECT_ROOT

FACTS = PROJECT_ROOT / "starter" / "facts.json"


@lru_cache
def starter_facts() -> dict[str, Any]:
    """Sizes, recommended settings, preview projection, an example and the vocabulary, as plain JSON values."""
    return json.loads(FACTS.read_text(encoding="utf-8"))
