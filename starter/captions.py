"""Words for a picture: tags in random order with synonyms, and sometimes plain sentences."""

from starter.drawing.outfits import OUTFITS
from starter.drawing.scenes import INDOOR, PLAIN
from starter.words import (
    EXPRESSION,
    FRAMING,
    HAIR_COLOUR,
    HAIR_STYLE,
    PERSON,
    PLACE,
    POSE,
    QUALITY,
    SHOE_WORD,
    SKIN_WORD,
    TIME,
)


def write_caption(plan, rng):
    """One caption for a plan; rng chooses order, synonyms and what is left unsaid."""
    if rng.random() < 0.22:
        return _sentence(plan, rng)
    tags = _tags(plan, rng)
    tags = [tags[i] for i in rng.permutation(len(tags))]
    person = _pick(rng, PERSON[plan.who.girl])
    tags = [person, *tags] if rng.random() < 0.8 else [*tags, person]
    if rng.random() < 0.15:
        tags.insert(1, "solo")
    return ", ".join(tags)


def _pick(rng, words):
    return str(words[int(rng.integers(len(words)))])


def hair_colour(plan, rng):
    return _pick(rng, HAIR_COLOUR.get(plan.who.hair, (plan.who.hair,)))


def _hair(plan, rng):
    """Hair as one joined phrase or as separate tags."""
    colour, style = hair_colour(plan, rng), _pick(rng, HAIR_STYLE[plan.who.style])
    if rng.random() < 0.5 and style.split()[-1] == "hair" and "," not in style:
        words = style.split()[:-1]
        return [" ".join([*words, colour, "hair"])]
    tags = [f"{colour} hair"] + ([style] if rng.random() < 0.85 else [])
    return tags + ([plan.who.fringe] if rng.random() < 0.12 else [])


def _outfit(plan, rng):
    return f"{plan.who.colour} {_pick(rng, OUTFITS[plan.who.outfit].words)}"


def _where(plan, rng):
    if plan.place == PLAIN:
        return [f"{plan.backdrop} background"] + (["simple background"] if rng.random() < 0.5 else [])
    tags = [_pick(rng, PLACE[plan.place])]
    if plan.place in INDOOR:
        return tags + (["indoors"] if rng.random() < 0.2 else [])
    if plan.time != "day" or rng.random() < 0.45:
        tags.append(_pick(rng, TIME[plan.time]))
    return tags + (["outdoors"] if rng.random() < 0.15 else [])


def _tags(plan, rng):
    who, chance = plan.who, lambda p: rng.random() < p
    tags = _hair(plan, rng)
    if chance(0.96):
        tags.append(_outfit(plan, rng))
    if chance(0.95):
        tags += _where(plan, rng)
    if plan.pose_name and chance(0.8):
        tags.append(_pick(rng, POSE.get(plan.pose_name, (plan.pose_name,))))
    if not plan.behind:
        tags += [f"{who.eyes} eyes"] if chance(0.5) else []
        tags += [_pick(rng, EXPRESSION[who.expression])] if chance(0.65) else []
        tags += ["glasses"] if who.accessory == "glasses" and chance(0.9) else []
    else:
        tags.append(_pick(rng, ("from behind", "back view")))
    if who.accessory not in ("", "glasses") and chance(0.85):
        tags.append(f"{who.ribbon} ribbon" if who.accessory == "hair ribbon" and chance(0.5) else who.accessory)
    if chance(0.55):
        tags.append(_pick(rng, FRAMING[plan.framing]))
    if plan.framing == "full body" and chance(0.35):
        kind = OUTFITS[who.outfit].shoe
        tags.append(_pick(rng, SHOE_WORD[kind]) if kind == "none" else f"{who.shoes} {_pick(rng, SHOE_WORD[kind])}")
    if SKIN_WORD[who.skin] and chance(0.5):
        tags.append(SKIN_WORD[who.skin])
    for _ in range(int(rng.integers(0, 3))):
        tags.append(_pick(rng, QUALITY))
    return list(dict.fromkeys(tags))


def _sentence(plan, rng):
    who = plan.who
    person = ("girl" if rng.random() < 0.7 else "woman") if who.girl else ("boy" if rng.random() < 0.7 else "man")
    opening = _pick(
        rng,
        (
            "a young anime",
            "an anime",
            "a",
            "a cheerful anime" if who.expression in ("smile", "happy", "grin") else "an anime",
        ),
    )
    style = _pick(rng, HAIR_STYLE[who.style]).split(", ")[-1]
    colour = hair_colour(plan, rng)
    hair = (
        " ".join([*style.split()[:-1], colour, "hair"])
        if style.endswith("hair")
        else f"{colour} hair in a {style}"
        if rng.random() < 0.5
        else f"{'long ' if who.long_hair and style != 'bob cut' else ''}{colour} hair tied in a {style}"
    )
    wear = f", wearing a {_outfit(plan, rng)}," if rng.random() < 0.9 else ","
    act = " " + _pick(rng, POSE.get(plan.pose_name, (plan.pose_name,))) if plan.pose_name else ""
    if plan.place == PLAIN:
        where = f" on a {plan.backdrop} background"
    else:
        word = {
            "beach": "on a beach",
            "rooftop": "on a rooftop",
            "snow": "in the snow",
            "mountains": "in the mountains",
            "cherry blossoms": "under cherry blossoms",
            "city": "on a city street",
            "park": "on a park pathway" if rng.random() < 0.3 else "in a park",
        }.get(plan.place, f"in a {plan.place}")
        where = f" {word}" + (
            {"day": " on a sunny day" if rng.random() < 0.3 else "", "sunset": " at sunset", "night": " at night"}[
                plan.time
            ]
            if plan.place not in INDOOR
            else ""
        )
    face = (
        f", {_pick(rng, EXPRESSION[who.expression])}"
        if rng.random() < 0.4 and not plan.behind
        else ", from behind"
        if plan.behind
        else ""
    )
    return f"{opening} {person} with {hair}{wear}{act}{where}{face}"
