from studio.poses.library import CATEGORIES, entries


def test_lists_all_poses_with_what_they_are(run):
    poses = run("pose", "list", "--json").document["poses"]
    assert len(poses) == len(entries()) and {pose["category"] for pose in poses} == set(CATEGORIES)
    duel = next(pose for pose in poses if pose["name"] == "duel")
    assert (duel["title"], duel["people"], duel["width"], duel["height"]) == ("Sword duel", 2, 768, 512)


def test_searches_forgivingly_and_in_a_category(run):
    assert run("pose", "list", "--search", "sowrd", "--category", "together").out.split()[0] == "duel"
    assert run("pose", "list", "--search", "qqqq").out == "No pose has these words.\n"
    assert run("pose", "list", "--search", "qqqq", "--json").document == {"poses": []}


def test_an_unknown_category_is_refused_with_those_there_are(run):
    outcome = run("pose", "list", "--category", "Cooking")
    assert outcome.status == 1 and "Cooking" in outcome.err and "Standing" in outcome.err
