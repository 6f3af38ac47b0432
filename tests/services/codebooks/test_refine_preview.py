"""What a change would touch: as much as the person may see, and no less."""

import pytest
from sqlalchemy import insert

from tests.services.codebooks.test_refine import add, arguments
from workbench.errors import CodebookError, NotFound
from workbench.services.codebooks.refine_preview import Touched, preview
from workbench.store import tables


@pytest.fixture
def coded(bench):
    ben = bench.person("Ben")
    add(bench, "waiting", "School")
    bench.code(bench.document("R1"), "School", "She")
    bench.code(bench.document("R1"), "School", "She", actor=ben)
    bench.code(bench.document("R1"), "waiting", "left", actor=ben)
    bench.code(bench.document("R1"), "Access", "She", actor=ben)
    bench.code(bench.document("R2"), "School", "Nobody")
    return bench, ben


def seen(bench, operation, *names, actor=None, into=None):
    codes = bench.codes()
    into_id = codes[into].id if into else None
    keys = [codes[name].id for name in names]
    return preview(*arguments(bench, actor), operation, keys, into_id=into_id)


def test_each_change_touches_what_it_is_about(coded):
    bench, _ = coded
    assert seen(bench, "redefine", "School") == Touched(3, 2, 2)
    assert seen(bench, "split", "School") == Touched(3, 2, 2)
    assert seen(bench, "move", "School") == Touched(4, 2, 2, codes=1)
    assert seen(bench, "retire", "School") == Touched(4, 2, 2, codes=1)
    assert seen(bench, "merge", "School", into="Access") == Touched(4, 2, 2, codes=1, collapsing=1)
    assert seen(bench, "merge", "Phone", into="School") == Touched(0, 0, 0)


def test_it_is_said_in_words(coded):
    bench, _ = coded
    assert seen(bench, "move", "School").words == "4 codings by 2 coders in 2 answers"
    assert seen(bench, "move", "Phone").words == "no codings"
    assert Touched(1, 1, 1, blind=True).words == (
        "1 coding by 1 coder in 1 answer, and what is coded blind"
    )


def test_what_is_coded_blind_is_not_counted_but_said(coded):
    bench, ben = coded
    with bench.database.write() as connection:
        connection.execute(insert(tables.assignment).values(
            document_id=bench.document("R1"), coder_id=ben.id, blind=True, created_at="2022-01-01"
        ))  # fmt: skip
    assert seen(bench, "merge", "School", into="Access") == Touched(2, 1, 2, codes=1, blind=True)
    assert seen(bench, "retire", "Schooling") == Touched(0, 0, 0, blind=True), "blind or not"
    assert seen(bench, "move", "School", actor=ben).codings == 3, "their own, and what is open"


def test_it_changes_nothing_and_refuses_what_the_change_would_refuse(coded, everything):
    bench, _ = coded
    before = everything(bench.database)
    with pytest.raises(CodebookError, match="merged into itself"):
        seen(bench, "merge", "School", into="School")
    with pytest.raises(CodebookError, match="waiting lies below School, and cannot take it in"):
        seen(bench, "merge", "School", into="waiting")
    with pytest.raises(CodebookError, match="no code to merge into"):
        seen(bench, "merge", "School")
    with pytest.raises(NotFound):
        preview(*arguments(bench), "move", [4_321])
    assert everything(bench.database) == before
