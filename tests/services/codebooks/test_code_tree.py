"""What a screen asks of the code tree: search, places, families."""

from __future__ import annotations

from dataclasses import replace

import pytest

from workbench.domain.codings import Code
from workbench.errors import CodebookError, ConflictError, NotFound
from workbench.services.codebooks.code_tree import (
    dropped,
    find_codes,
    first_hit,
    neighbour_place,
    new_parents,
    next_colour,
    place_of,
    places,
    refuse_changed,
    stepped,
    tell_family,
)


def code(key: int, parent: int | None, *path: str, status: str = "active", **more: object) -> Code:
    return Code(key, f"g{key}", parent, path[-1], path, 1 if parent else key, status=status, **more)  # type: ignore[arg-type]


CODES = [
    code(1, None, "Access", definition="Reaching a service."),
    code(2, 1, "Access", "Waiting", cues=("Queue", "café")),
    code(3, 1, "Access", "Phones", status="retired"),
    code(4, 3, "Access", "Phones", "Voicemail"),
    code(5, 1, "Access", "Letters"),
    code(6, None, "Access to records"),
]


def keys(found: list[Code]) -> list[int]:
    return [item.id for item in found]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("", [1, 2, 3, 4, 5, 6]),
        ("  VOICE ", [1, 3, 4]),
        ("cafe", [1, 2]),
        ("reaching", [1]),
        ("records", [6]),
        ("nothing like it", []),
    ],
)
def test_search_gives_what_fits_and_what_is_above(wanted: str, expected: list[int]) -> None:
    assert keys(find_codes(CODES, wanted)) == expected


@pytest.mark.parametrize(("wanted", "expected"), [("", 1), ("voice", 4), ("cafe", 2), ("zz", None)])
def test_the_first_hit_is_found_for_itself(wanted: str, expected: int | None) -> None:
    assert first_hit(CODES, wanted) == expected


def test_a_family_is_counted_by_path_and_not_by_the_beginning_of_a_name() -> None:
    counts = {1: 1, 2: 20, 4: 300, 6: 4000}
    assert tell_family(CODES, counts, 1) == (4, 321)
    assert tell_family(CODES, counts, 3) == (1, 300)
    assert tell_family(CODES, counts, 6) == (0, 4000)
    assert tell_family(CODES, counts, 99) == (0, 0)


def test_places_are_positions_among_the_other_siblings() -> None:
    assert places(CODES, 2, 1) == ["first", "after Phones", "after Letters"]
    assert places(CODES, 2, None) == ["first", "after Access", "after Access to records"]
    assert places(CODES, 2, 5) == ["first"]
    assert [place_of(CODES, key) for key in (2, 3, 5, 1, 6)] == [0, 1, 2, 0, 1]


@pytest.mark.parametrize(
    ("key", "down", "with_retired", "place"),
    [
        (2, True, True, 1),
        (2, True, False, 2),
        (2, False, True, None),
        (5, False, True, 1),
        (5, False, False, 0),
        (5, True, False, None),
        (6, False, False, 0),
    ],
)
def test_one_step_goes_past_what_is_not_shown(
    key: int, down: bool, with_retired: bool, place: int | None
) -> None:
    assert neighbour_place(CODES, key, down=down, with_retired=with_retired) == place


def test_a_code_goes_below_active_codes_outside_its_family() -> None:
    assert keys(new_parents(CODES, 1)) == [6]
    assert keys(new_parents(CODES, 2)) == [1, 4, 5, 6]


def test_a_code_that_is_gone_is_not_found() -> None:
    with pytest.raises(NotFound, match="not in the codebook any more"):
        place_of(CODES, 99)


def test_a_new_theme_takes_a_free_colour() -> None:
    first = next_colour([])
    second = next_colour([code(1, None, "A", colour=first.lower())])
    assert first != second
    assert next_colour([code(2, 1, "A", "B", colour=first)]) == first


def test_only_the_fields_to_be_changed_must_be_as_they_were_seen() -> None:
    seen = CODES[1]
    now = replace(seen, definition="New.", cues=("other",))
    refuse_changed(now, seen, {"include": "x"})
    refuse_changed(now, None, {"definition": "x"})
    for field in ("definition", "cues"):
        with pytest.raises(ConflictError, match=f"the {field} of Waiting has been changed"):
            refuse_changed(now, seen, {"include": "x", field: "y"})


def test_an_edit_on_an_outdated_view_is_refused_and_changes_nothing(bench) -> None:
    from workbench.services.codebooks import codebook

    seen = bench.codes()["Phone"]
    arguments = bench.actor, bench.database, bench.study_id, seen.id
    codebook.edit_code(*arguments, {"definition": "Theirs."}, seen=seen)
    with pytest.raises(ConflictError, match="the definition of Phone has been changed"):
        codebook.edit_code(*arguments, {"include": "x", "definition": "Mine."}, seen=seen)
    now = bench.codes()["Phone"]
    assert (now.definition, now.include) == ("Theirs.", seen.include)


def test_what_redo_would_do_is_said(bench) -> None:
    from workbench.services.codebooks import codebook
    from workbench.services.trail import undo

    arguments = bench.actor, bench.database, bench.study_id
    codebook.add_code(*arguments, parent_id=None, name="Money")
    assert undo.next_label(*arguments) == ""
    undo.undo(*arguments)
    assert undo.next_label(*arguments) == "the code Money"


def test_a_taken_name_is_known_whatever_its_capitals(bench) -> None:
    from workbench.services import study

    name = study.get_study(bench.actor, bench.database, bench.study_id).name
    assert study.is_taken(bench.actor, bench.database, name.upper())
    assert not study.is_taken(bench.actor, bench.database, name + " 2")


def test_a_step_leads_up_down_in_and_out() -> None:
    def step(key: int, name: str, **options: bool) -> object:
        return stepped(CODES, key, name, **{"with_retired": True, **options})  # type: ignore[arg-type]

    assert [step(5, name) for name in ("up", "down", "in", "out")] == [
        (1, 1),
        None,
        (2, 0),
        (None, 1),
    ]
    assert step(5, "up", with_retired=False) == (1, 0), "past a retired one that is not shown"
    assert [step(2, name) for name in ("up", "in")] == [None, None]
    assert [step(6, name) for name in ("up", "in", "out")] == [(None, 0), (1, 3), None]
    assert step(4, "out") == (1, 2)
    with pytest.raises(NotFound):
        step(9, "up")


def test_a_code_is_dropped_before_after_and_below_others() -> None:
    assert dropped(CODES, 6, 2, "before") == (1, 0)
    assert dropped(CODES, 6, 2, "after") == (1, 1)
    assert dropped(CODES, 6, 5, "below") == (5, 0)
    assert dropped(CODES, 5, 2, "after") == (1, 1)
    assert dropped(CODES, 2, 1, "below") == (1, 2), "the last below the one it is below already"
    assert dropped(CODES, 2, 6, "before") == (None, 1)
    assert dropped(CODES, 4, 6, "after") == (None, 2)


def test_a_code_is_not_dropped_on_itself_or_below_what_is_retired() -> None:
    for target in (1, 2):
        with pytest.raises(CodebookError, match="Access cannot be put beside or below itself"):
            dropped(CODES, 1, target, "below")
    with pytest.raises(CodebookError, match="Phones is retired"):
        dropped(CODES, 5, 3, "below")
    with pytest.raises(CodebookError, match="Phones is retired"):
        dropped(CODES, 5, 4, "before")
    with pytest.raises(NotFound):
        dropped(CODES, 9, 1, "below")
