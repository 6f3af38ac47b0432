"""What a version holds of codes, early or late."""

from workbench.domain.codebook_version import (
    CodeThen,
    counts_as,
    in_tree_order,
    meaning_in,
    read_snapshot,
)

EARLY = [
    {"id": 1, "path": ["Access"], "definition": "doors", "include": "", "exclude": "",
     "status": "active"},
    {"id": 2, "path": ["Access", "Phone"], "definition": "", "include": "calls", "exclude": "",
     "status": "retired"},
]  # fmt: skip

LATE = [
    {"id": 1, "guid": "a", "parent_id": None, "name": "Access", "colour": "#882255",
     "definition": "doors", "include": "", "exclude": "", "examples": ["a door"], "cues": [],
     "rests_on": [], "position": 1, "status": "active", "merged_into": None, "deleted_at": None},
    {"id": 2, "guid": "b", "parent_id": 1, "name": "Phone", "colour": "", "definition": "",
     "include": "", "exclude": "", "examples": [], "cues": [], "rests_on": [], "position": 0,
     "status": "merged", "merged_into": 4, "deleted_at": None},
    {"id": 3, "guid": "c", "parent_id": None, "name": "School", "colour": "", "definition": "",
     "include": "", "exclude": "", "examples": [], "cues": [], "rests_on": [], "position": 0,
     "status": "active", "merged_into": None, "deleted_at": "2022-01-01"},
    {"id": 4, "guid": "d", "parent_id": 1, "name": "Calls", "colour": "", "definition": "",
     "include": "", "exclude": "", "examples": [], "cues": [], "rests_on": [], "position": 1,
     "status": "active", "merged_into": None, "deleted_at": None, "split_from": 2},
]  # fmt: skip


def test_an_early_version_tells_less():
    codes = read_snapshot(EARLY)
    assert codes[2] == CodeThen(
        2, "Phone", parent_id=1, path=("Access", "Phone"), include="calls", status="retired"
    )
    assert codes[1].colour is None
    assert codes[1].position is None
    assert [item.id for item in in_tree_order(codes)] == [1, 2]


def test_a_late_version_tells_all():
    codes = read_snapshot(LATE)
    assert codes[1].examples == ("a door",)
    assert codes[4].path == ("Access", "Calls")
    assert (codes[2].known, codes[2].stands) == (True, False)
    assert (codes[3].known, codes[3].stands) == (False, False)
    assert [item.id for item in in_tree_order(codes)] == [1, 4]
    assert counts_as(codes, 2) == 4
    assert codes[4].split_from == 2


def test_merges_that_go_round_end():
    round_about = {1: CodeThen(1, "A", merged_into=2), 2: CodeThen(2, "B", merged_into=1)}
    assert counts_as(round_about, 1) == 2


def version(definition):
    return {1: CodeThen(1, "A", definition=definition)}


def test_a_meaning_has_a_beginning_and_an_end():
    history = [(10, version("x")), (11, version("y")), (12, version("y")), (13, version("z")),
               (14, version("y"))]  # fmt: skip
    told = {key: meaning_in(history, key, [1])[1] for key, _ in history}
    assert [(told[key].since, told[key].until) for key in told] == [
        (None, 11), (11, 13), (11, 13), (13, 14), (14, None),
    ]  # fmt: skip
    assert meaning_in([], 1, [7])[7].since is None
