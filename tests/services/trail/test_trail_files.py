"""The trail as files: read as a table, and verified from JSON by nothing but the recipe."""

import csv
import hashlib
import io
import json

import pytest
from sqlalchemy import delete, insert, select, update

from workbench.domain.trail import EventFilter
from workbench.errors import ExportError, InputError
from workbench.services.codebooks import codebook
from workbench.services.trail import trail_files, undo
from workbench.store import tables


@pytest.fixture
def busy(bench):
    ben, document = bench.person("Ben"), bench.document("R1")
    bench.code(document, "Phone", "She")
    bench.code(document, "School", "to me", actor=ben)
    codebook.add_code(ben, bench.database, bench.study_id, parent_id=None, name="=1+1 é فون")
    undo.undo(bench.actor, bench.database, bench.study_id)
    return bench


def content(bench, format, actor=None, **where):
    return trail_files.trail_file(
        actor or bench.actor, bench.database, bench.study_id, EventFilter(**where), format=format
    )


def as_json(bench, actor=None, **where):
    return json.loads(content(bench, "json", actor, **where))


def recompute(trail):
    """Walk an exported chain as docs/guide/audit.md tells anybody to; give the first bad event."""
    previous = "0" * 64
    for number, event in enumerate(trail["events"], 1):
        fields = [previous, event["number"], event["operation"], event["actor_id"],
                  event["verb"], event["payload"], event["at"]]  # fmt: skip
        text = json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
        if event["number"] != number or event["previous_hash"] != previous:
            return number
        previous = hashlib.sha256(text.encode("utf-8")).hexdigest()
        if event["hash"] != previous:
            return number
    whole = trail["head"] == {"number": len(trail["events"]), "hash": previous}
    return None if whole else len(trail["events"]) + 1


def test_a_whole_trail_is_verified_from_its_file(busy):
    trail = as_json(busy)
    assert (trail["format"], trail["study"], trail["chain"]) == ("speakout-trail/1", "Test", True)
    assert [event["number"] for event in trail["events"]] == [1, 2, 3, 4, 5, 6, 7]
    assert recompute(trail) is None
    with busy.database.read() as connection:
        head = connection.execute(select(tables.event.c.hash).where(
            tables.event.c.number == 7)).scalar()  # fmt: skip
    assert trail["head"] == {"number": 7, "hash": head}


def test_the_recipe_of_the_guide_is_the_one_that_works(busy, tmp_path, monkeypatch):
    from pathlib import Path

    page = (Path(__file__).parents[3] / "docs" / "guide" / "audit.md").read_text("utf-8")
    recipe = page.split("```python\n")[1].split("```")[0]
    monkeypatch.chdir(tmp_path)
    whole = content(busy, "json")
    (tmp_path / "trail.json").write_bytes(whole)
    exec(recipe, {})
    trail = json.loads(whole)
    trail["events"][3]["actor_id"] = 999
    (tmp_path / "trail.json").write_text(json.dumps(trail), "utf-8")
    with pytest.raises(AssertionError, match="event 4 was changed"):
        exec(recipe, {})


@pytest.mark.parametrize("field", ["operation", "at", "actor_id", "verb", "payload", "hash"])
def test_whatever_is_changed_in_a_file_is_found(busy, field):
    trail = as_json(busy)
    trail["events"][4][field] = "x" if field != "actor_id" else 99
    assert recompute(trail) == 5


def test_left_out_or_moved_events_of_a_file_are_found(busy):
    events = as_json(busy)["events"]
    whole = as_json(busy)
    for kept, found in ((events[1:], 1), (events[:2] + events[3:], 3), (events[:-1], 7),
                        ([events[0], events[2], events[1], *events[3:]], 2)):  # fmt: skip
        assert recompute({**whole, "events": kept, "head": {
            "number": 7, "hash": events[-1]["hash"]}}) == found  # fmt: skip


def test_an_event_is_told_in_words_as_well(busy):
    events = as_json(busy)["events"]
    assert [event["what"] for event in events[3:]] == [
        "Coded: Phone on R1", "Coded: School on R1", "Made a code: =1+1 é فون",
        "Took back: Phone on R1",
    ]  # fmt: skip
    assert [event["taken_back"] for event in events] == [False] * 3 + [True] + [False] * 3
    assert (events[4]["actor"], events[4]["document"], events[4]["codes"]) == (
        "Ben", "R1, q1", ["School"],
    )  # fmt: skip


def test_an_event_whose_operation_is_gone_is_in_the_file_all_the_same(busy):
    with busy.database.write() as connection:
        last = connection.execute(tables.operation.select().order_by(
            tables.operation.c.id.desc())).first()  # fmt: skip
        connection.execute(update(tables.operation).values(undoes=None, undone_by=None))
        connection.execute(delete(tables.operation_target).where(
            tables.operation_target.c.operation_id == last.id))  # fmt: skip
        connection.execute(delete(tables.operation).where(tables.operation.c.id == last.id))
    trail = as_json(busy)
    assert recompute(trail) is None
    assert (trail["events"][6]["verb"], trail["events"][6]["label"]) == ("undo", "")


def test_csv_is_a_table_in_which_nothing_runs(busy):
    text = content(busy, "csv").decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["number"] for row in rows] == ["1", "2", "3", "4", "5", "6", "7"]
    assert (rows[3]["person"], rows[3]["taken_back"], rows[3]["codes"]) == ("Asha", "yes", "Phone")
    assert rows[5]["codes"] == "'=1+1 é فون"
    assert rows[5]["what"] == "Made a code: =1+1 é فون"


def test_a_filtered_trail_says_that_it_cannot_be_verified(busy):
    ben = busy.person("Ben")
    trail = as_json(busy, person_id=ben.id)
    assert [event["number"] for event in trail["events"]] == [5, 6]
    assert (trail["chain"], trail["head"]) == (False, None)
    assert "only a whole one" in trail["why_no_chain"]
    assert not [event for event in trail["events"] if "hash" in event or "payload" in event]
    assert len(content(busy, "csv", person_id=ben.id).splitlines()) == 3


def test_that_the_trail_was_taken_along_is_written_into_it(busy):
    content(busy, "csv")
    assert as_json(busy)["events"][-1]["what"] == "Exported the trail: as CSV"


def test_what_is_coded_blind_is_in_no_file_nor_told_by_its_numbers(busy):
    document, ben = busy.document("R2"), busy.person("Ben")
    with busy.database.write() as connection:
        row = {"document_id": document, "coder_id": ben.id, "blind": True, "created_at": "2022"}
        connection.execute(insert(tables.assignment).values(row))

    def files():
        told = [content(busy, kind).decode("utf-8-sig") for kind in ("csv", "json")]
        return [[line for line in text.splitlines() if "export trail" not in line
                 and "written_at" not in line] for text in told]  # fmt: skip

    before = files()
    busy.code(document, "Phone", "rang", actor=ben)
    assert files() == before
    trail = as_json(busy)
    assert (trail["chain"], trail["head"]) == (False, None)
    assert "coded blind" in trail["why_no_chain"]
    assert {event["number"] for event in trail["events"]} == {None}
    assert not [event for event in trail["events"] if "hash" in event or "payload" in event]
    assert "Phone on R2" in content(busy, "csv", ben).decode()
    busy.done(document, ben)
    assert recompute(as_json(busy)) is None


def test_many_events_are_written_in_parts(busy, monkeypatch):
    from workbench.store.trail import audit, events

    monkeypatch.setattr(events, "_STREAM", events._STREAM.limit(2))
    monkeypatch.setattr(events, "STREAMED", 2)
    monkeypatch.setattr(audit, "STREAMED", 2)
    assert recompute(as_json(busy)) is None
    assert len(as_json(busy, kind="Coding")["events"]) == 2
    assert len(as_json(busy, begin="2000-01-01")["events"]) >= 7


def test_refusals(busy, tmp_path):
    place = (busy.actor, busy.database, busy.study_id)
    with pytest.raises(InputError, match=r"'xml' is no format of a trail\. Formats: csv, json"):
        trail_files.export_trail(*place, tmp_path / "trail.xml")
    with pytest.raises(InputError, match="is not a day"):
        trail_files.export_trail(*place, tmp_path / "t.csv", EventFilter(begin="yesterday"))
    with pytest.raises(ExportError, match="cannot be written"):
        trail_files.export_trail(*place, tmp_path / "nowhere" / "trail.csv")
    assert not [path for path in tmp_path.iterdir() if path.suffix in (".xml", ".csv", ".part")]
    assert trail_files.export_trail(*place, tmp_path / "trail.json") == 7
    assert recompute(json.loads((tmp_path / "trail.json").read_bytes())) is None
