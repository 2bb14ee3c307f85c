"""A reader of A1111's ``parameters`` text, written from the rules alone (not from the studio's own reader):

- the last line holds settings when ``FIELD`` matches three times or more;
- the lines before are the prompt until one begins with ``Negative prompt:``; each line is stripped;
- a quoted value is JSON; ``WxH`` also gives ``key-1`` and ``key-2``.
"""

from __future__ import annotations

import json
import re

FIELD = re.compile(r'\s*(\w[\w \-/]+):\s*("(?:\\.|[^\\"])+"|[^,]*)(?:,|$)')


def read(text: str) -> dict[str, str]:
    lines = text.strip().split("\n")
    settings = lines.pop() if len(FIELD.findall(lines[-1])) >= 3 else ""
    prompts: dict[str, list[str]] = {"Prompt": [], "Negative prompt": []}
    part = "Prompt"
    for line in lines:
        line = line.strip()
        if line.startswith("Negative prompt:"):
            part, line = "Negative prompt", line[len("Negative prompt:") :].strip()
        prompts[part].append(line)
    found = {name: "\n".join(part) for name, part in prompts.items()}
    for key, value in FIELD.findall(settings):
        if value.startswith('"') and value.endswith('"') and len(value) > 1:
            value = json.loads(value)
        if size := re.match(r"^(\d+)x(\d+)$", value):
            found[f"{key}-1"], found[f"{key}-2"] = size.group(1), size.group(2)
        found[key] = value
    return found


def read_list(value: str) -> dict[str, str]:
    """``a: 1, b: 2``, as the extensions write what belongs together."""
    return dict(part.strip().split(": ", 1) for part in value.split(",")) if value else {}


def read_as_civitai(text: str) -> dict[str, object]:
    """The settings as Civitai's reader finds them: it toggles on double quotes, and knows no escapes."""
    line = next(line for line in text.split("\n") if line.startswith("Steps: "))
    return _details(line)


def _details(line: str) -> dict[str, object]:
    found: dict[str, object] = {}
    key = value = ""
    inside = False
    for mark in line:
        if mark == '"':
            if inside:
                found[key], key = _details(value.strip()), ""
            inside = not inside
        elif mark == ":" and not inside:
            key, value = value.strip(), ""
        elif mark == "," and not inside:
            if key:
                found[key] = value.strip()
            key = value = ""
        else:
            value += mark
    if key:
        found[key] = value.strip()
    return found
