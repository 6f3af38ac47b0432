"""Transcription equity, on both kinds of database: who counts, what is hidden, what is said."""

from __future__ import annotations

import io

import pytest

from tests import voice_notes
from tests.builders import Bench
from tests.voice_notes import Place
from workbench.errors import InputError
from workbench.services.opening import Database
from workbench.services.voice_notes import check, equity, equity_files
from workbench.services.voice_notes.equity import LANGUAGE, EquityReport, equity_report, in_words

SAID = "she listened to me and then she left"


@pytest.fixture
def place(bench: Bench) -> Place:
    """A study with 6 Roma and 7 Irish respondents more, and one Welsh."""
    rows = [f"{name[0]}{n},{name},,,,," for name, many in (("Roma", 6), ("Irish", 7), ("Welsh", 1))
            for n in range(many)]  # fmt: skip
    bench.ingest("id,group,age,needs,email,q1,q2\n" + "\n".join(rows) + "\n")
    return bench.actor, bench.database, bench.study_id


def speak(
    place: Place, who: str, checked: str | None, *, machine: str = SAID, language: str = "en",
    asked: str = "q1",
) -> None:  # fmt: skip
    """Let somebody speak, a machine hear it, and a person check it where words are given."""
    key = voice_notes.record(place, f"{who}-{asked}-{language}", who, asked)
    voice_notes.hear(place, key, machine, language=language)
    if checked is None:
        return
    (found,) = [item for item in check.list_transcripts(*place) if item.recording_id == key]
    if checked != machine:
        check.correct(*place, found.document_id, position=0, was=machine, words=checked)
    check.mark(*place, found.document_id, "checked")


def everybody_speaks(place: Place) -> None:
    for n in range(6):
        speak(place, f"R{n}", SAID.replace("left", "wept"))
    for n in range(7):
        speak(place, f"I{n}", SAID if n else "she listened")


def report_by(place: Place, by: str) -> EquityReport:
    return equity_report(*place, by=by)


def test_nothing_is_said_where_nothing_is_checked(place: Place) -> None:
    speak(place, "I1", None)
    found = equity_report(*place)
    assert (found.total.respondents, found.total.notes, found.total.drafts) == (0, 0, 1)
    assert found.total.correction.value is None
    assert in_words(found) == []
    assert found.cautions == ("No transcript is checked yet: check some by ear first.",)
    assert equity_files.equity_picture(found) is None


def test_changed_words_are_pooled_by_group(place: Place) -> None:
    everybody_speaks(place)
    found = report_by(place, "group")
    irish = next(row for row in found.rows if row.group == "Irish")
    assert irish.words is not None and irish.correction.low is not None
    assert (irish.respondents, irish.notes, irish.drafts) == (7, 7, 0)
    assert irish.words.machine_words == 7 * 8
    assert irish.words.inserted == 6  # one of them said only two of the words
    assert irish.correction.value == 6 / 56
    assert irish.wer.value == 6 / 50
    assert found.total.words is not None
    assert found.total.words.machine_words == 13 * 8


def test_small_groups_are_hidden_with_another_one(place: Place) -> None:
    everybody_speaks(place)
    speak(place, "W0", "nobody listened at all")
    found = report_by(place, "group")
    told = {row.group: row.hidden for row in found.rows}
    assert told["Welsh"] == "small"
    assert "complement" in told.values() or list(told.values()).count("small") > 1
    for row in found.rows:
        if row.hidden:
            values = equity._row_values(row)
            assert {name for name, value in values.items() if value is not None} == {
                "group", "hidden",
            }  # fmt: skip
    assert found.total.respondents == 14
    assert any("are hidden" in line for line in found.cautions)
    assert "nobody listened" not in str(found.as_dict())


def test_a_total_of_few_people_is_hidden_too(place: Place) -> None:
    speak(place, "I1", SAID)
    found = equity_report(*place)
    assert found.total.hidden == "small" and found.total.words is None
    assert in_words(found) == []


def test_languages_are_named_and_drafts_counted_apart(place: Place) -> None:
    everybody_speaks(place)
    speak(place, "I0", None, language="ur", asked="q2")
    found = report_by(place, LANGUAGE)
    rows = {row.group: row for row in found.rows}
    assert rows["English"].notes == 13
    assert (rows["Urdu"].notes, rows["Urdu"].drafts) == (0, 1)
    assert any(line.startswith("1 transcript is not checked") for line in found.cautions)


def test_who_has_withdrawn_is_not_counted(place: Place) -> None:
    everybody_speaks(place)
    before = equity_report(*place).total.respondents
    voice_notes.withdraw(place, "I3")
    assert (before, equity_report(*place).total.respondents) == (13, 12)


def test_the_text_that_was_seen_counts_where_a_machine_wrote_twice(place: Place) -> None:
    for n in range(7):
        key = voice_notes.record(place, f"again-{n}", f"I{n}")
        voice_notes.hear(place, key, "something quite different")
        voice_notes.hear(place, key, SAID, run=voice_notes.add_run(place, model="large-v3"))
    for item in check.list_transcripts(*place):
        check.mark(*place, item.document_id, "checked")
    found = equity_report(*place).total
    assert found.respondents == 7 and found.correction.value == 0.0
    assert found.correction.low is None


def test_an_unknown_or_identifying_attribute_is_refused(place: Place) -> None:
    for name in ("email", "no such"):
        with pytest.raises(InputError, match="there is no attribute"):
            report_by(place, name)


def test_it_is_said_with_care(place: Place) -> None:
    everybody_speaks(place)
    first, second = in_words(report_by(place, "group"))
    assert first.startswith("Of 100 words that the machine wrote, people changed ")
    assert "13 checked notes of 13 respondents" in first
    assert "Least was changed in " in second


def test_files_hold_what_the_page_shows(place: Place) -> None:
    import docx
    import openpyxl

    everybody_speaks(place)
    speak(place, "W0", "nobody listened at all")
    found = report_by(place, "group")
    text = equity_file(found, "csv").decode("utf-8-sig")
    assert text.splitlines()[0].startswith("group,hidden,respondents")
    assert "Welsh,small,,," in text
    book = openpyxl.load_workbook(io.BytesIO(equity_file(found, "xlsx")))
    assert book.sheetnames[0] == "Equity"
    document = docx.Document(io.BytesIO(equity_file(found, "docx")))
    cells = [cell.text for row in document.tables[0].rows for cell in row.cells]
    assert "hidden: few respondents" in cells


def equity_file(report: EquityReport, kind: str) -> bytes:
    return equity_files.equity_file(report, format=kind)  # type: ignore[arg-type]


def test_the_picture_holds_no_hidden_group(place: Place) -> None:
    everybody_speaks(place)
    speak(place, "W0", "nobody listened at all")
    chart = equity_files.equity_picture(report_by(place, "group"))
    assert chart is not None
    drawn = str(chart.to_dict())
    assert "All notes" in drawn and "Welsh" not in drawn


def test_a_database_is_only_read(place: Place, database: Database) -> None:
    before = equity_report(*place).as_dict()
    assert equity_report(*place).as_dict() == before
