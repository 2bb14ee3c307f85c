"""The whole ladder, through rtmlib's own classes on small networks with YOLOX's and RTMPose's inputs and outputs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from studio.catalog.detectors import DETECTORS, Network
from studio.engine.detection import ladder, looks
from studio.engine.detection.ladder import Nets, Sighting, find_people
from studio.engine.detection.networks import PersonNetwork, PoseNetwork
from studio.poses.values import Person
from tests import tiny_detectors

SPEC = DETECTORS["rtmw"]
FIGURE = (120, 80, 280, 520)


@pytest.fixture(scope="module")
def nets(tiny_networks: Path) -> Nets:
    assert SPEC.person
    person = PersonNetwork(tiny_networks / "person.onnx", SPEC.person, "cpu")
    return Nets(PoseNetwork(tiny_networks / "pose.onnx", SPEC.pose, "cpu"), person, SPEC.full_score)


def look_at(nets: Nets, image, box=None) -> tuple[Sighting, list[str]]:
    said: list[str] = []
    seen = find_people(nets, np.asarray(image), box, lambda done, total, status: said.append(status))
    return seen, said


def expected(figure: tuple[int, int, int, int]) -> np.ndarray:
    """Where the tiny pose network has the joints of this figure: COCO's 17."""
    left, top, right, bottom = figure
    return tiny_detectors.body_shape(17) * [right - left, bottom - top] + [left, top]


def assert_is(person: Person, figure: tuple[int, int, int, int], within: float = 4.0) -> None:
    places = expected(figure)
    for ours, theirs in {0: 0, 2: 6, 4: 10, 5: 5, 7: 9, 10: 16, 13: 15, 14: 2, 17: 3}.items():
        joint = person.body[ours]
        assert joint is not None and joint.visible
        assert np.hypot(joint.x - places[theirs][0], joint.y - places[theirs][1]) < within


def test_a_plain_figure_is_found_at_the_first_look_with_hands_and_face(nets, picture):
    seen, said = look_at(nets, picture(FIGURE))
    (person,) = seen.people
    assert_is(person, FIGURE)
    assert said == [looks.LOOKS[0].words] and not seen.guessed
    neck = person.body[1]
    shoulders = (expected(FIGURE)[5] + expected(FIGURE)[6]) / 2
    assert neck and np.hypot(neck.x - shoulders[0], neck.y - shoulders[1]) < 4
    assert person.left_hand and person.right_hand and person.face
    assert person.left_hand[0] and person.right_hand[0]
    assert person.left_hand[0].x > 250 > 150 > person.right_hand[0].x  # the figure's own left is on the right
    assert person.face[68] == person.body[14] and person.face[69] == person.body[15]


def test_the_detector_gets_bgr_and_the_pose_network_rgb(nets, picture):
    assert look_at(nets, picture(FIGURE))[0].people
    red_and_blue_swapped = np.ascontiguousarray(np.asarray(picture(FIGURE))[:, :, ::-1])
    assert not look_at(nets, red_and_blue_swapped)[0].people


def test_two_people_are_told_apart_and_the_larger_one_comes_last(nets, picture):
    small, large = (60, 200, 140, 420), (360, 40, 500, 560)
    seen, _ = look_at(nets, picture(large, small, size=(600, 600)))
    assert len(seen.people) == 2
    assert_is(seen.people[0], small)
    assert_is(seen.people[1], large)


@pytest.mark.parametrize("blue", [14, 30])
def test_a_figure_of_low_contrast_is_found_by_looking_again(nets, picture, blue):
    seen, said = look_at(nets, picture(FIGURE, blue=blue, grey=100))
    (person,) = seen.people
    assert_is(person, FIGURE)
    assert said[: seen.look + 1] == [look.words for look in looks.LOOKS][: seen.look + 1]
    assert seen.look > 0


def test_where_nobody_is_every_look_is_tried_and_nothing_is_made_up(nets, picture):
    seen, said = look_at(nets, picture())
    assert seen.people == ()
    assert set(said) >= {look.words for look in looks.LOOKS}


class Blind:
    """A person network that finds nobody."""

    def __call__(self, pixels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return np.zeros((0, 4)), np.zeros(0)


def test_without_a_box_the_whole_picture_is_tried(nets, picture):
    seen, _ = look_at(Nets(nets.pose, Blind(), nets.full_score), picture(FIGURE))  # type: ignore[arg-type]
    (person,) = seen.people
    assert seen.guessed
    assert_is(person, FIGURE)


def test_a_guess_has_to_be_surer_than_a_detection(nets, picture):
    blind = Nets(nets.pose, Blind(), nets.full_score * 4)  # type: ignore[arg-type]
    assert look_at(blind, picture(FIGURE))[0].people == ()


def test_a_box_drawn_by_hand_is_the_only_place_looked_at(nets, picture):
    left, right = (20, 100, 100, 500), (440, 100, 560, 500)
    seen, _ = look_at(nets, picture(left, right, size=(600, 600)), box=(430.0, 90.0, 140.0, 420.0))
    (person,) = seen.people
    assert_is(person, right)


def test_a_large_picture_is_looked_at_small_and_answered_in_its_own_pixels(nets, picture):
    large = tuple(10 * side for side in FIGURE)
    seen, _ = look_at(nets, picture(large, size=(4000, 6000)))
    assert_is(seen.people[0], large, within=30)


def test_a_mirrored_look_tells_left_from_right_as_the_straight_one(nets, picture):
    pixels = np.asarray(picture((110, 60, 250, 560)))
    straight = ladder._look(nets, pixels, None, looks.LOOKS[0])
    mirrored = ladder._look(nets, pixels, None, looks.LOOKS[-1])
    assert looks.LOOKS[-1].mirrored
    for one, other in zip(straight[0].body, mirrored[0].body, strict=True):
        assert one and other and np.hypot(one.x - other.x, one.y - other.y) < 4
    assert mirrored[0].left_hand and straight[0].left_hand and mirrored[0].left_hand[0] and straight[0].left_hand[0]
    assert abs(mirrored[0].left_hand[0].x - straight[0].left_hand[0].x) < 4


@pytest.mark.parametrize("look", [look for look in looks.LOOKS if look.windows is not looks.whole])
def test_looks_from_nearer_and_farther_find_the_same_places(nets, picture, look):
    found = ladder._look(nets, np.asarray(picture((210, 220, 290, 380))), None, look)
    assert len(found) == 1, "a figure in several windows is one person"
    assert_is(found[0], (210, 220, 290, 380))


def test_the_layout_without_built_in_suppression_is_read_too(tmp_path, picture):
    anchor = 40 * 80 + 20  # column 20, row 40 of the finest grid
    path = tiny_detectors.save_raw_person_network(tmp_path / "raw.onnx", anchor, anchor + 30)
    boxes, scores = PersonNetwork(path, Network("raw.onnx", 640, 640), "cpu")(np.asarray(picture(size=(640, 640))))
    assert len(boxes) == len(scores) == 1, "the dog is no person"
    centre = ((20 + 0.5) * 8, (40 + 0.5) * 8)
    wide, high = np.exp(2.5) * 8, np.exp(3.0) * 8
    assert boxes[0] == pytest.approx(
        [centre[0] - wide / 2, centre[1] - high / 2, centre[0] + wide / 2, centre[1] + high / 2], abs=0.01
    )
