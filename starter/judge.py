"""Judging pictures: is the named colour there, which place is it, are the joints where they were asked for."""

import cv2
import numpy as np

from starter.drawing.outfits import OUTFITS
from starter.drawing.palette import GARMENT, HAIR
from starter.drawing.scenes import INDOOR, OUTDOOR, PLAIN

PLACES = (*OUTDOOR, *INDOOR, PLAIN)
THUMB = 16  # side of the thumbnail that places are told by
LEAST = 10  # pixels a region needs to be judged


def region(picture, rgb, near_head):
    """Mask of a true picture's pixels of one flat colour, on the head or on the trunk."""
    im, (x, y, r) = picture.image.astype(int), picture.head
    same = (np.abs(im - rgb).max(-1) < 16).astype(np.uint8)
    yy, xx = np.mgrid[: im.shape[0], : im.shape[1]]
    if near_head:
        where = (xx - x) ** 2 + (yy - y) ** 2 < (1.35 * r) ** 2
    else:
        k = picture.joints
        hips = np.nanmean(k[[8, 11]], 0) if not np.isnan(k[[8, 11]]).all() else k[1] + (0, 2.6 * r)
        middle, half = (k[1] + hips) / 2, max(np.linalg.norm(hips - k[1]) * 0.75, r)
        where = (xx - middle[0]) ** 2 + (yy - middle[1]) ** 2 < half**2
    return (same > 0) & where


def nearest(rgb, palette):
    """Name of the palette colour closest to rgb."""
    return min(palette, key=lambda k: float(np.sum((np.asarray(palette[k]) - rgb) ** 2)))


def found_colour(image, mask, palette):
    """Name of the colour that fills a masked region of an image, or None if the region is too small to tell."""
    return nearest(np.median(image[mask], 0), palette) if mask.sum() >= LEAST else None


def colour_regions(picture):
    """(hair mask, outfit mask or None) of a rendered picture; None where the outfit does not show its named colour."""
    who = picture.plan.who
    hair = region(picture, HAIR[who.hair], True)
    if OUTFITS[who.outfit].named != "trunk" or np.isnan(picture.joints[1]).any():
        return hair, None
    return hair, region(picture, GARMENT[who.colour], False)


def _features(images):
    """(n, h, w, 3) -> (n, features): a thumbnail, and its squares so that a linear rule can see contrasts."""
    small = np.stack([cv2.resize(v, (THUMB, THUMB), interpolation=cv2.INTER_AREA) for v in images])
    x = small.reshape(len(images), -1) / 127.5 - 1
    return np.hstack([x, x * x, np.ones((len(x), 1))])


class PlaceJudge:
    """A ridge regression from thumbnails to places, fitted on rendered pictures. Its own accuracy is the ceiling."""

    def __init__(self, images, places, ridge=8.0):
        x = _features(images)
        y = np.eye(len(PLACES))[[PLACES.index(p) for p in places]]
        self.weights = np.linalg.solve(x.T @ x + ridge * np.eye(x.shape[1]), x.T @ y)

    def __call__(self, images):
        return [PLACES[i] for i in (_features(images) @ self.weights).argmax(1)]


def torso_diagonal(joints):
    """From shoulder to opposite hip, in pixels.

    In a portrait, whose hips are out of the picture, what it would be by the rendered figures' proportions (medians of
    300 figures: 1.6 shoulder widths, 2.7 times the way from neck to nose).
    """
    spans = [np.linalg.norm(joints[a] - joints[b]) for a, b in ((2, 11), (5, 8))]
    if np.isnan(spans).all():
        spans = [1.6 * np.linalg.norm(joints[2] - joints[5]), 2.7 * np.linalg.norm(joints[0] - joints[1])]
    return np.nanmax([*spans, 1e-6])


def pck(found, asked, part=0.1):
    """(joints within part of the torso diagonal, joints asked for) of one figure. found, asked: (18, 2) pixels."""
    reach = part * torso_diagonal(asked)
    body = [i for i in range(14) if not np.isnan(asked[i]).any()]
    return sum(np.linalg.norm(found[i] - asked[i]) <= reach for i in body), len(body)


def colours_worn(image, joints):
    """Names of the colours that fill the hair and the trunk of a figure found at joints (18, 2), or None where unsure.

    For pictures whose figure stands where it likes. Hair is looked for in the upper half of a ring around the face; by
    the rendered figures' proportions a head's radius is about the way from neck to nose.
    """
    nose, neck, trunk = joints[0], joints[1], joints[[2, 5, 11, 8]]
    radius = np.linalg.norm(nose - neck)
    yy, xx = np.mgrid[: image.shape[0], : image.shape[1]]
    away = np.hypot(xx - nose[0], yy - (nose[1] - 0.4 * radius))
    ring = (away > 0.55 * radius) & (away < 0.9 * radius) & (yy < nose[1] - 0.4 * radius)
    body = np.zeros(image.shape[:2], np.uint8)
    middle = trunk.mean(0)
    cv2.fillConvexPoly(body, np.round(middle + (trunk - middle) * 0.7).astype(np.int32), 1)
    return commonest(image, ring, HAIR), commonest(image, body > 0, GARMENT)


def commonest(image, mask, palette):
    """Name of the palette colour that most pixels of a mask come close to, or None if few come close to any."""
    names, pixels = list(palette), image[mask].astype(int)
    if len(pixels) < LEAST:
        return None
    way = np.abs(pixels[:, None] - np.array([palette[n] for n in names])).max(-1)
    votes = np.bincount(way.argmin(1)[way.min(1) < 40], minlength=len(names))
    return names[votes.argmax()] if votes.max() >= LEAST else None
