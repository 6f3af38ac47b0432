"""The whole way of a voice note: dropped, transcribed, heard and corrected, coded, counted.

The sound is that of the sample study, the model the one that comes along. What plays is heard by
the browser, so that correcting while it plays is tried as a person does it.
"""

from __future__ import annotations

import os
import re
import signal
import wave
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import PATIENCE_S
from tests.journeys.steps import at_rest, go, press
from workbench.settings import bundled

pytestmark = pytest.mark.browser

NOTES = bundled("data_samples") / "speakout" / "voice_notes"
DONE = "SELECT count(*) FROM transcription WHERE state = 'done'"
SPOKEN = """
SELECT document.id, revision.text, document.transcript FROM document
JOIN respondent ON respondent.id = document.respondent_id
JOIN revision ON revision.id = document.current_revision_id
WHERE respondent.ref = ? AND document.kind = 'voice_note'"""
HAS_BEGUN = "() => document.querySelector('audio')?.currentTime > 0.2"
PLAYS_ON = """() => { const audio = document.querySelector('audio');
                      return !audio.paused || audio.ended; }"""
ADDED = " That was kind."
WORDS = "That was kind"
CODE, THEME = "Kind and steady people", "Positive experiences"


def dropped_notes(folder: Path) -> list[Path]:
    """Make two notes that the study does not have: sample notes with a little more silence."""
    made = []
    for source, name in (
        ("R083_q2_voice.wav", "R001_q2.wav"),
        ("R154_q2_voice.wav", "R003_q2.wav"),
    ):
        with wave.open(str(NOTES / source), "rb") as read:
            sound, form = read.readframes(read.getnframes()), read.getparams()
        path = folder / name
        with wave.open(str(path), "wb") as written:
            written.setparams(form)
            written.writeframes(
                sound + bytes(form.framerate * form.sampwidth * form.nchannels // 5)
            )
        made.append(path)
    return made


def test_from_a_dropped_note_to_a_theme_by_group(tab: Any, sample_app: Any, tmp_path: Path) -> None:
    before = counts(tab, sample_app)
    try:
        drop(tab, sample_app, dropped_notes(tmp_path))
        transcribe(tab, sample_app)
        key = correct_while_it_plays(tab, sample_app)
        code(tab, sample_app, key)
    finally:
        end_workers(sample_app)
    everybody, parents, young = counts(tab, sample_app)
    assert (everybody, parents, young) == (before[0] + 1, before[1] + 1, before[2])


def drop(tab: Any, app: Any, files: list[Path]) -> None:
    """Drop notes on the Import page; a pattern says whose they are."""
    tab.goto(app.page("import_survey"))
    tab.get_by_role("button", name="Recordings").or_(
        tab.get_by_role("radio", name="Recordings")
    ).first.click()
    tab.get_by_role("heading", name="Bring in voice notes").wait_for()
    tab.get_by_text("How they are matched").click()
    pattern = tab.get_by_label("Naming pattern")
    pattern.fill("{respondent}_{question}.{ext}")
    pattern.press("Enter")
    at_rest(tab)
    tab.locator("input[type=file][multiple]").set_input_files([str(path) for path in files])
    press(tab, "Bring in 2 files")
    tab.get_by_role("heading", name="What came of it").wait_for()
    rows = app.ask("SELECT count(*), sum(matching = 'matched') FROM recording")
    assert rows == [(37, 37)]


def transcribe(tab: Any, app: Any) -> None:
    """Begin, look elsewhere meanwhile, come back to 37 drafts."""
    go(tab, "Transcribe")
    tab.get_by_text("37 voice notes wait").wait_for()
    tab.get_by_text("It knows 40 English sentences", exact=False).wait_for()
    press(tab, "Transcribe 37 voice notes")
    tab.get_by_role("progressbar").first.wait_for()
    go(tab, "Codebook")
    go(tab, "Transcribe", rests=False)
    app.wait_for(DONE, 37, within_s=5 * PATIENCE_S)
    tab.get_by_text("37 recordings have").wait_for()
    ((_, text, standing),) = app.ask(SPOKEN, "R001")
    ((_, original, _),) = app.ask(SPOKEN, "R083")
    assert (text, standing) == (original, "draft"), "the same words, a little later"


def correct_while_it_plays(tab: Any, app: Any) -> int:
    """Play a note, correct its end while it is heard, and mark it as checked."""
    go(tab, "Check by ear")
    tab.get_by_text("R046 · q2", exact=False).first.click()
    last = tab.locator(".ck-text").last
    ((key, text, _),) = app.ask(SPOKEN, "R046")
    end = text.split()[-1]
    tab.get_by_text(end, exact=False).first.wait_for()
    last.click()
    tab.keyboard.press("Escape")
    tab.wait_for_function(HAS_BEGUN)
    last.press("End")
    tab.keyboard.type(ADDED)
    playing = tab.evaluate(PLAYS_ON)
    app.wait_for(
        "SELECT revision.text FROM document JOIN revision ON revision.id = "
        "document.current_revision_id WHERE document.id = ?",
        text + ADDED, key,
    )  # fmt: skip
    assert playing, "it plays on while the person types"
    tab.keyboard.press("Control+Enter")
    app.wait_for("SELECT transcript FROM document WHERE id = ?", "checked", key)
    return key


def code(tab: Any, app: Any, key: int) -> None:
    """Code the words that were added."""
    tab.goto(f"{app.page('coding')}&document={key}")
    tab.wait_for_selector("[contenteditable=true]")
    tab.get_by_text("Saved", exact=False).first.wait_for()
    select(tab, WORDS)
    tab.keyboard.press("/")
    tab.keyboard.type(CODE)
    tab.keyboard.press("Enter")
    app.wait_for(
        "SELECT count(*) FROM coding JOIN code ON code.id = coding.code_id "
        "WHERE coding.document_id = ? AND code.name = ? AND coding.deleted_at IS NULL",
        1, key, CODE,
    )  # fmt: skip
    tab.get_by_text("Saved", exact=False).first.wait_for()


def select(tab: Any, words: str) -> None:
    tab.evaluate(
        """(words) => {
          const text = document.querySelector('[contenteditable=true]');
          const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
          for (let node = walker.nextNode(); node; node = walker.nextNode()) {
            const at = node.data.indexOf(words);
            if (at < 0 || node.parentElement.closest('[contenteditable=false]')) continue;
            text.focus();
            getSelection().setBaseAndExtent(node, at, node, at + words.length);
            return;
          }
          throw new Error(`no ${words}`);
        }""",
        words,
    )


def counts(tab: Any, app: Any) -> list[int]:
    """Read from the Themes page how many mention the theme: all, parents, young people."""
    tab.goto(app.page("themes"))
    row = tab.get_by_role("grid").first.get_by_role("row").filter(has_text=THEME)
    row.wait_for()
    at_rest(tab)
    cells = " ".join(row.get_by_role("gridcell").all_text_contents())
    return [int(n) for n in re.findall(r"(\d+) \(\d+ %\)", cells)]


def end_workers(app: Any) -> None:
    """End the worker that the app has started: it would wait a minute for more."""
    for (pid,) in app.ask("SELECT pid FROM worker WHERE ended_at IS NULL"):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
