"""The page Check by ear: empty states, what stands around the pane, and deeds that are stored."""

from __future__ import annotations

import pytest

from tests.services.voice_notes.test_check import make_draft, make_translation

from tests.builders import SURVEY, Bench  # isort: skip
from workbench.services.coding.extracts import readable_date
from workbench.services.voice_notes import check
from workbench.store.voice_notes import transcripts


def texts(at) -> str:
    return "\n".join(
        [str(item.value) for item in at.markdown] + [item.proto.body for item in at.get("html")]
    )


@pytest.fixture
def study(database, ana) -> Bench:
    """A study of Ana's with answers, codes and one machine draft."""
    bench = Bench(database, ana, 0)
    bench.ingest()
    bench.study_id = 1
    bench.load()
    return bench


def test_without_transcripts_it_says_what_to_do(open_page, sample_study):
    at = open_page("check", study=sample_study)
    assert "There is no transcript here yet" in texts(at)
    (button,) = [item for item in at.button if item.label == "Transcribe recordings"]
    button.click().run()
    assert not at.exception and at.title[0].value == "Transcribe"


def test_a_draft_is_told_as_one(open_page, study):
    make_draft(study)
    at = open_page("check", study=1)
    shown = texts(at)
    assert "1 machine draft" in shown
    assert "Machine draft: nobody has checked these words by ear." in shown
    assert "R1 · What would help? · English" in shown
    assert [item.options for item in at.radio if item.label == "Transcripts"] == [["R1 · q2"]]


def test_names_and_months_keep_their_capitals(open_page, study):
    key = make_draft(study)
    check.mark(study.actor, study.database, 1, key, "checked")
    at = open_page("check", study=1)
    next(item for item in at.segmented_control if item.label == "Show").set_value("all").run()
    (found,) = check.list_transcripts(study.actor, study.database, 1)
    assert found.checked_at
    assert f"Checked by Ana on {readable_date(found.checked_at)}." in texts(at)


def test_a_translation_is_shown_piece_by_piece_and_confirmed(open_page, study):
    make_translation(study, make_draft(study))
    at = open_page("check", study=1)
    assert at.expander[0].label == "Translated by machine, not confirmed"
    shown = [item.proto.body for item in at.get("html") if 'class="words"' in item.proto.body]
    assert [text.partition(">")[2].removesuffix("</p>") for text in shown] == [
        "She listned to me.", "She heard me.", "Then she left.", "She went.",
    ]  # fmt: skip
    next(item for item in at.button if item.label == "I confirm this translation").click().run()
    assert at.expander[0].label == "Translation, confirmed"


def test_when_all_are_checked_it_leads_on_to_coding(open_page, study):
    key = make_draft(study)
    check.mark(study.actor, study.database, 1, key, "checked")
    at = open_page("check", study=1)
    assert "All 1 transcript" in texts(at)
    assert "Go on coding" in [item.label for item in at.button]


def test_hostile_words_are_shown_as_words(open_page, study):
    make_draft(study, text="<script>alert(1)</script> a", parts=())
    at = open_page("check", study=1)
    assert "<script>" not in texts(at)
    assert not at.exception


def test_the_list_is_narrowed_and_turned(open_page, study):
    one, two = make_draft(study), make_draft(study, person="R2", parts=())
    with study.database.write() as connection:
        transcripts.set_language(connection, two, "ur")
    at = open_page("check", study=1)

    def names():
        (found,) = [item.options for item in at.radio if item.label == "Transcripts"]
        return found

    assert names() == ["R1 · q2", "R2 · q2"]
    (languages,) = [item for item in at.selectbox if item.label == "Language"]
    assert languages.options == ["Any language", "English", "Urdu"]
    languages.select("ur").run()
    assert names() == ["R2 · q2", "R1 · q2"]  # the one that is open stays
    assert one != two


def test_flagged_only_leaves_out_what_needs_no_ear_and_says_when_none_is_left(open_page, study):
    key = make_draft(study)
    make_draft(study, person="R2", parts=())
    at = open_page("check", study=1)
    (toggle,) = [item for item in at.toggle if item.label == "Flagged only"]
    toggle.set_value(True).run()
    (found,) = [item.options for item in at.radio if item.label == "Transcripts"]
    assert found == ["R1 · q2"]
    check.mark(study.actor, study.database, 1, key, "checked")
    assert at.session_state["in_study:check_open"] == key


def test_a_long_list_is_turned(open_page, study):
    rows = [f"P{n:03},Roma,old,,p{n}@secret.example,Words,More" for n in range(130)]
    study.ingest("\n".join([SURVEY.splitlines()[0], *rows]))
    for n in range(130):
        make_draft(study, person=f"P{n:03}", parts=())
    at = open_page("check", study=1)

    def names():
        (found,) = [item.options for item in at.radio if item.label == "Transcripts"]
        return found

    assert (len(names()), names()[0]) == (100, "P000 · q2")
    assert "1-100 of 130" in texts(at)
    (later,) = [item for item in at.button if item.label == "Later"]
    later.click().run()
    assert (len(names()), names()[0]) == (30, "P100 · q2")
    assert "101-130 of 130" in texts(at)
    assert next(item for item in at.button if item.label == "Later").disabled
