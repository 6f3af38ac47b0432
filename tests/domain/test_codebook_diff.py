"""Two versions compared: what happened to which code, in sentences."""

import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.codebook_diff import compare, count_changes
from workbench.domain.codebook_version import CodeThen, path_in, read_snapshot


def book(*codes):
    found = {item.id: item for item in codes}
    return {key: replace(item, path=path_in(found, key)) for key, item in found.items()}


def code(key, name, parent=None, **values):
    full = {"colour": "", "examples": (), "cues": (), "rests_on": (), "position": key}
    return CodeThen(key, name, parent_id=parent, **{**full, **values})


ACCESS = code(1, "Access", colour="#882255")
PHONE = code(2, "Phone", 1, definition="Calls that nobody answers.")
SCHOOL = code(3, "School", colour="#332288")
BEFORE = book(ACCESS, PHONE, SCHOOL)


def sentences(after, before=BEFORE, **options):
    return [change.sentence for change in compare(before, after, **options).changes]


def kinds(after, before=BEFORE):
    return [change.kind for change in compare(before, after).changes]


def test_nothing_changed():
    assert compare(BEFORE, BEFORE).changes == ()
    assert compare({}, {}).n_codes == 0


def test_codes_come_and_go():
    waiting = code(4, "Waiting", 1)
    assert sentences(book(ACCESS, PHONE, SCHOOL, waiting)) == ["Access / Waiting was added."]
    assert sentences(book(ACCESS, PHONE)) == ["School was taken out."]
    assert sentences(book(ACCESS, PHONE, replace(SCHOOL, deleted=True))) == [
        "School was taken out."
    ]
    assert sentences(BEFORE, before={}) == [
        "Access was added.", "Access / Phone was added.", "School was added.",
    ]  # fmt: skip


def test_merged_split_and_on_its_own_again():
    merged = book(ACCESS, PHONE, replace(SCHOOL, status="merged", merged_into=2))
    assert sentences(merged) == ["School was merged into Access / Phone."]
    assert sentences(BEFORE, before=merged) == [
        "School stands on its own again; it was merged into Access / Phone."
    ]
    split = book(ACCESS, PHONE, SCHOOL, code(4, "Calls back", 1, split_from=2))
    assert sentences(split) == ["Access / Calls back was split from Access / Phone."]
    (change,) = compare(BEFORE, split).changes
    assert change.before == "Access / Phone"


def test_renamed_moved_retired_revived_recoloured():
    assert sentences(book(replace(ACCESS, name="Reach"), PHONE, SCHOOL)) == [
        "Access was renamed to Reach."
    ]
    assert sentences(book(ACCESS, replace(PHONE, parent_id=3), SCHOOL)) == [
        "Phone was moved from Access to School."
    ]
    assert sentences(book(ACCESS, replace(PHONE, parent_id=None), SCHOOL)) == [
        "Phone was moved from Access to the top."
    ]
    retired = book(ACCESS, PHONE, replace(SCHOOL, status="retired"))
    assert sentences(retired) == ["School was retired."]
    assert sentences(BEFORE, before=retired) == ["School came back into use."]
    assert sentences(book(ACCESS, PHONE, replace(SCHOOL, colour=""))) == [
        "School has another colour: #332288 became its theme's."
    ]


def test_another_order_is_said_once_for_those_that_stayed():
    swapped = book(replace(ACCESS, position=3), PHONE, replace(SCHOOL, position=1))
    assert sentences(swapped) == ["The codes on top stand in another order."]
    below = book(ACCESS, PHONE, code(4, "Waiting", 1), SCHOOL)
    turned = book(ACCESS, replace(PHONE, position=9), code(4, "Waiting", 1), SCHOOL)
    (change,) = compare(below, turned).changes
    assert (change.sentence, change.before, change.after) == (
        "The codes below Access stand in another order.", "Phone and Waiting",
        "Waiting and Phone",
    )  # fmt: skip


def test_a_changed_definition_comes_with_its_words():
    new = replace(
        PHONE, definition="Calls that everybody answers.", examples=("rang",), cues=("call",)
    )
    (change,) = compare(BEFORE, book(ACCESS, new, SCHOOL)).changes
    assert change.sentence == "Access / Phone: definition, examples and cues changed."
    definition = change.fields[0]
    assert [part.text for part in definition.old if part.differs] == ["nobody"]
    assert [part.text for part in definition.new if part.differs] == ["everybody"]
    told = change.as_dict()["fields"][0]
    assert told == {
        "field": "definition", "before": PHONE.definition, "after": new.definition,
        "gone": ["nobody"], "come": ["everybody"],
    }  # fmt: skip


def test_what_an_early_version_does_not_tell_is_not_compared():
    early = read_snapshot(
        [
            {"id": 3, "path": ["School"], "status": "active"},
            {"id": 1, "path": ["Access"], "status": "active"},
            {"id": 2, "path": ["Access", "Phone"], "status": "active",
             "definition": PHONE.definition},
        ]
    )  # fmt: skip
    assert sentences(BEFORE, before=early) == []


def test_of_hidden_codes_nothing_is_said():
    after = book(ACCESS, PHONE, SCHOOL, code(4, "Secret", 1))
    assert sentences(after, hidden={4}) == []
    assert count_changes(BEFORE, after, hidden={4}) == 0
    assert sentences(BEFORE, before=after, hidden={4}) == []


codes = st.builds(
    lambda key, values: code(key, **values),
    st.integers(1, 6),
    st.fixed_dictionaries(
        {
            "name": st.sampled_from(["A", "B", "Ç 😀"]),
            "parent": st.sampled_from([None, 1, 2]),
            "status": st.sampled_from(["active", "retired", "merged"]),
            "definition": st.sampled_from(["", "one two", "one three"]),
            "deleted": st.booleans(),
            "merged_into": st.sampled_from([None, 1, 3]),
            "split_from": st.sampled_from([None, 2]),
        }
    ),
)
books = st.lists(codes, max_size=6).map(lambda found: book(*found))


@given(books, books)
def test_any_two_codebooks_can_be_compared(before, after):
    found = compare(before, after)
    assert count_changes(before, after) == len(found.changes)
    assert json.loads(json.dumps(found.as_dict()))["codes"] == found.n_codes
    assert compare(after, after).changes == ()
    stood, stand = ({key for key, item in side.items() if item.stands} for side in (before, after))
    told = {change.code_id for change in found.changes}
    reachable = {key for key in stand ^ stood if _reachable(before, after, key)}
    assert reachable <= told


def _reachable(before, after, key):
    """Codes below themselves are in no tree, and nobody sees them."""
    side = after if key in after and after[key].stands else before
    seen = set()
    while key is not None and key in side and side[key].stands:
        if key in seen:
            return False
        seen.add(key)
        key = side[key].parent_id
    return True
