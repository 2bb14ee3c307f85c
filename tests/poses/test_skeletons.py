from studio.poses import skeletons
from studio.poses.values import BODY_JOINTS


def test_names_and_colours_cover_the_body():
    assert len(skeletons.BODY_NAMES) == len(set(skeletons.BODY_NAMES)) == BODY_JOINTS
    assert len(set(skeletons.JOINT_COLOURS)) == BODY_JOINTS
    assert len(skeletons.LIMBS) == len(skeletons.LIMB_COLOURS) == 17


def test_limbs_reach_every_joint_and_never_tie_ear_to_shoulder():
    assert {joint for limb in skeletons.LIMBS for joint in limb} == set(range(BODY_JOINTS))
    assert not {(2, 16), (5, 17)} & set(skeletons.LIMBS)


def test_limb_colours_are_dimmed_and_truncated():
    named = {
        tuple(skeletons.BODY_NAMES[joint] for joint in limb): colour
        for limb, colour in zip(skeletons.LIMBS, skeletons.LIMB_COLOURS, strict=True)
    }
    assert named["neck", "right_shoulder"] == (153, 0, 0)
    assert named["neck", "left_shoulder"] == (153, 51, 0)
    assert named["right_shoulder", "right_elbow"] == (153, 102, 0)
    assert named["left_elbow", "left_wrist"] == (51, 153, 0)
    assert named["neck", "left_hip"] == (0, 153, 153)
    assert named["neck", "nose"] == (0, 0, 153)
    assert named["left_eye", "left_ear"] == (153, 0, 102)


def test_hand_edges_run_from_the_wrist_along_each_finger():
    assert skeletons.HAND_EDGES[:5] == ((0, 1), (1, 2), (2, 3), (3, 4), (0, 5))
    assert skeletons.HAND_EDGES[16:] == ((0, 17), (17, 18), (18, 19), (19, 20))
    assert {end for _, end in skeletons.HAND_EDGES} == set(range(1, 21))


def test_hand_colours_go_round_the_colour_wheel():
    assert skeletons.HAND_EDGE_COLOURS[0] == (255, 0, 0)
    assert skeletons.HAND_EDGE_COLOURS[1] == (255, 77, 0)  # 76.5, rounded as OpenCV rounds a colour
    assert skeletons.HAND_EDGE_COLOURS[10] == (0, 255, 255)
    assert skeletons.HAND_EDGE_COLOURS[19] == (255, 0, 77)


def test_body_25_drops_the_hips_middle_and_the_feet():
    assert len(skeletons.BODY_25_TO_18) == BODY_JOINTS
    assert 8 not in skeletons.BODY_25_TO_18 and max(skeletons.BODY_25_TO_18) == 18
