"""How well a picture obeys its pose: four figures, a sentence, and every joint's error."""

from __future__ import annotations

import streamlit as st

from studio.poses.score import PCK_SHARE, JointError, Score, compare
from studio.poses.values import Pose

NAMED = 4
"""So many joints are named in the sentence; the table has all."""
_VERDICTS = (
    (0.9, "The picture obeys the pose closely."),
    (0.6, "The picture obeys the pose roughly."),
    (0.3, "The picture follows the pose only in parts."),
    (0.0, "The picture does not follow the pose."),
)
_HELP = {
    "oks": "Object keypoint similarity: how near all joints are, forgiving where people differ (hips) and strict where "
    "they do not (eyes). Example: 90 % is as good as two people marking the same photo.",
    "pck": "Joints that lie within a fifth of the torso's length of where they should. Example: 12 of 14 are 86 %.",
    "f1": "Whether the right joints show, wherever they lie. Example: a hidden arm that was found anyway lowers it.",
    "people": "How many people were found, of how many intended.",
}


def show(intended: Pose, found: Pose) -> None:
    """Say how well ``found``, detected in a picture, obeys ``intended``, the pose it was to have."""
    score = compare(intended, found)
    with st.container(key="pose_score"):
        if not score.people_intended:
            st.info("The intended pose shows nobody to compare with.", icon=":material/accessibility_new:")
            return
        st.markdown(f"**{verdict(score)}**")
        _figures(score)
        for sentence in remarks(score):
            st.markdown(sentence)
        if score.mean_error is not None:
            with st.expander("Every joint", key="pose_score_joints"):
                _table(score)


def verdict(score: Score) -> str:
    """One sentence for all of it."""
    if not score.people_found:
        return "Nobody was found in this picture."
    # OKS alone is stern with faces: a head that moved by an eye's width fails all of its joints.
    return next(sentence for least, sentence in _VERDICTS if (score.oks + score.pck) / 2 >= least)


def remarks(score: Score) -> list[str]:
    """What is most wrong, in words: too many or too few people, joints far off, joints not found."""
    if not score.people_found:
        return ["Without a figure there is nothing to measure. Try another picture, or a higher control weight."]
    sentences = []
    if score.count_error:
        more = score.people_found > score.people_intended
        sentences.append(f"There {_are(score.count_error)} too {'many' if more else 'few'} in the picture.")
    reached = {one.person for one in score.people if one.found is not None}
    errors = [error for error in score.joint_errors if error.person in reached]
    off = [error for error in errors if error.share is not None and error.share > PCK_SHARE]
    off.sort(key=lambda error: -(error.share or 0))
    several = score.people_intended > 1
    if off:
        sentences.append(f"{_named(off, several)}.")
    missing = [error for error in errors if error.pixels is None]
    if missing:
        sentences.append(f"{_named(missing, several)}.")
    if not sentences:
        worst = max((error for error in errors), key=lambda error: error.share or 0)
        sentences.append(f"Every joint is in place; the furthest is {_worded(worst, several)}.")
    return sentences


def _are(count: int) -> str:
    return "is 1 person" if count == 1 else f"are {count} people"


def _named(errors: list[JointError], several: bool) -> str:
    words = ", ".join(_worded(error, several) for error in errors[:NAMED])
    return words[0].upper() + words[1:] + (f" and {len(errors) - NAMED} more" if len(errors) > NAMED else "")


def _worded(error: JointError, several: bool) -> str:
    return f"{error.in_words()} (person {error.person + 1})" if several else error.in_words()


def _figures(score: Score) -> None:
    people = f"{score.people_found} of {score.people_intended}"
    with st.container(horizontal=True, key="pose_score_figures"):
        st.metric("Likeness (OKS)", f"{score.oks:.0%}", help=_HELP["oks"], width="content")
        st.metric("Joints in place (PCK)", f"{score.pck:.0%}", help=_HELP["pck"], width="content")
        st.metric("Joints that show (F1)", f"{score.f1:.0%}", help=_HELP["f1"], width="content")
        st.metric("People found", people, help=_HELP["people"], width="content")


def _table(score: Score) -> None:
    rows = [
        {
            "Person": error.person + 1,
            "Joint": error.joint.replace("_", " "),
            "Error in pixels": error.pixels,
            "Share of torso": None if error.share is None else error.share * 100,
            "In place": error.share is not None and error.share <= PCK_SHARE,
        }
        for error in score.joint_errors
    ]
    hidden = [] if score.people_intended > 1 else ["Person"]
    columns = [name for name in rows[0] if name not in hidden]
    st.dataframe(
        [{name: row[name] for name in columns} for row in rows],
        hide_index=True,
        column_config={
            "Error in pixels": st.column_config.NumberColumn(format="%.1f", help="None: the joint was not found."),
            "Share of torso": st.column_config.NumberColumn(format="%.0f %%", help="Up to 20 % counts as in place."),
        },
    )
