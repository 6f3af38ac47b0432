"""The page Check by ear: empty states, what stands around the pane, and deeds that are stored."""

from __future__ import annotations

import pytest

from tests.services.test_check import make_draft

from tests.builders import Bench  # isort: skip
from workbench.services import check


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
