"""The checking pane in a real browser: hearing, typing, and that nothing typed is lost."""

from __future__ import annotations

import base64
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.services.voice_notes.test_recordings import sound
from workbench.ui.components.checking_pane import FOLDER
from workbench.ui.components.coding_pane.bundle import style
from workbench.ui.components.panes import script_of

pytestmark = pytest.mark.browser

HTML = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Checking</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="/pane.css"></head>
<body style="margin:0"><main><div id="here"></div></main><script type="module">
import mount from "/pane.js";
const host = (window.host = { deeds: [], letters: [] });
host.show = (data) => mount({
  data, parentElement: document.getElementById("here"),
  setTriggerValue: (name, value) => host.deeds.push(structuredClone(value)),
});
document.addEventListener("keydown", (event) => host.letters.push(event.key));
host.ready = true;
</script></body></html>"""

AUDIO = "data:audio/wav;base64," + base64.b64encode(sound(seconds=10)).decode()
HOSTILE = '<img src=x onerror="window.hurt=1"> =1+1 👩‍👩‍👧 end'


class _Files(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        css = style() + (FOLDER / "checking.css").read_text(encoding="utf-8")
        kind, body = {
            "/pane.js": ("text/javascript", script_of(FOLDER)),
            "/pane.css": ("text/css", css),
        }.get(self.path, ("text/html", HTML))
        payload = body.encode()
        self.send_response(200)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    def log_message(self, format: str, *args: object) -> None:
        return


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Files)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def tab(chromium: Any, address: str) -> Iterator[Any]:
    page = chromium.new_page(viewport={"width": 1200, "height": 800})
    page.goto(address)
    page.wait_for_function("window.host?.ready")
    yield page
    page.close()


def segment(
    text: str, start_ms: int, *, flags: tuple[str, ...] = (), reviewed: bool = False
) -> Any:
    words, at = [], 0
    for n, word in enumerate(text.split()):
        at = text.index(word, at)
        words.append([at, at + len(word), start_ms + 200 * n, start_ms + 200 * n + 200])
        at += len(word)
    return {
        "text": text, "start_ms": start_ms, "end_ms": start_ms + 1_900, "flags": list(flags),
        "reviewed": False, "words": words,
    }  # fmt: skip


def message(*segments: Any, **other: Any) -> dict[str, Any]:
    return {
        "document": 1, "language": "en", "standing": "draft", "audio": AUDIO, "length_ms": 10_000,
        "segments": list(segments), "settled": [], "undo": False, "said": "", "refused": False,
        **other,
    }  # fmt: skip


def show(tab: Any, data: Any) -> None:
    tab.evaluate("(data) => host.show(data)", data)


def deeds(tab: Any) -> list[Any]:
    found: list[Any] = tab.evaluate("host.deeds")
    return found


def said(tab: Any) -> str:
    text: str = tab.locator(".ck-status").inner_text()
    return text


THREE = (
    segment("She listened to me.", 0),
    segment("Then she left.", 2_000, flags=("unsure",)),
    segment("میں نے تین بار فون کیا", 4_000, flags=("other language",)),
)


def test_what_is_typed_is_sent_with_what_stood_there(tab: Any) -> None:
    show(tab, message(*THREE))
    first = tab.locator(".ck-text").first
    first.click()
    first.press("End")
    tab.keyboard.type(" Once.")
    assert said(tab) == "Not saved yet"
    tab.locator(".ck-text").nth(1).click()
    (deed,) = deeds(tab)
    assert (deed["kind"], deed["position"], deed["document"]) == ("correct", 0, 1)
    assert (deed["was"], deed["words"]) == ("She listened to me.", "She listened to me. Once.")
    assert said(tab) == "Saving"
    new = (segment("She listened to me. Once.", 0), *THREE[1:])
    show(tab, message(*new, settled=[{"id": deed["id"], "why": ""}]))
    assert said(tab) == "Saved"
    assert first.text_content() == "She listened to me. Once."


def test_what_is_not_answered_is_sent_again_and_the_rest_waits(tab: Any) -> None:
    show(tab, message(*THREE))
    for at, words in ((0, "One"), (1, "Two")):
        tab.locator(".ck-text").nth(at).fill(words)
    tab.locator(".ck-text").nth(2).click()
    assert [deed["words"] for deed in deeds(tab)] == ["One"]
    tab.wait_for_function("host.deeds.length > 1")
    first, again = deeds(tab)
    assert again == first
    show(tab, message(segment("One", 0), *THREE[1:], settled=[{"id": first["id"], "why": ""}]))
    last = deeds(tab)[-1]
    assert (last["words"], last["was"]) == ("Two", "Then she left.")
    assert tab.locator(".ck-text").nth(1).text_content() == "Two"  # not put back meanwhile


def test_a_pause_is_enough_to_save(tab: Any) -> None:
    show(tab, message(*THREE))
    first = tab.locator(".ck-text").first
    first.click()
    first.press("End")
    tab.keyboard.type("!")
    tab.wait_for_function("host.deeds.length === 1")
    assert deeds(tab)[0]["words"] == "She listened to me.!"


def test_a_refusal_says_why_and_marks_the_segment(tab: Any) -> None:
    show(tab, message(*THREE))
    tab.locator(".ck-text").first.fill("Mine")
    tab.locator(".ck-text").nth(1).click()
    (deed,) = deeds(tab)
    why = "somebody else has corrected these words in the meantime."
    theirs = (segment("Theirs", 0), *THREE[1:])
    show(tab, message(*theirs, settled=[{"id": deed["id"], "why": why}]))
    assert said(tab) == why.capitalize()
    assert tab.locator(".ck-row").first.get_attribute("class").split()[-1] == "ck-refused"


def refused(tab: Any) -> None:
    """Let Ana's words for the first segment be refused, Ben's stand there."""
    show(tab, message(*THREE))
    tab.locator(".ck-text").first.fill("Mine")
    tab.keyboard.press("Control+Enter")
    (deed,) = deeds(tab)
    theirs = (segment("Theirs", 0), *THREE[1:])
    show(tab, message(*theirs, settled=[{"id": deed["id"], "why": "somebody else was here."}]))


def test_refused_words_stay_to_be_used_and_the_note_is_not_left(tab: Any) -> None:
    refused(tab)
    assert [deed["kind"] for deed in deeds(tab)] == ["correct"]
    assert tab.locator(".ck-text").first.text_content() == "Theirs"
    assert tab.locator(".ck-mine p").text_content() == "Mine"
    tab.keyboard.press("Control+Enter")
    assert said(tab).startswith("Your words for a segment were refused.")
    tab.get_by_role("button", name="Use mine").click()
    last = deeds(tab)[-1]
    assert (last["kind"], last["was"], last["words"]) == ("correct", "Theirs", "Mine")
    assert tab.locator(".ck-mine").count() == 0


def test_refused_words_can_be_let_go(tab: Any) -> None:
    refused(tab)
    tab.get_by_role("button", name="Let mine go").click()
    assert tab.locator(".ck-text").first.text_content() == "Theirs"
    assert tab.locator(".ck-refused").count() == 0
    tab.keyboard.press("Control+Enter")
    assert [deed["kind"] for deed in deeds(tab)] == ["correct", "checked"]


def test_what_somebody_else_wrote_meanwhile_is_not_taken_for_what_was_seen(tab: Any) -> None:
    show(tab, message(*THREE))
    first = tab.locator(".ck-text").first
    first.click()
    first.press("End")
    tab.keyboard.type(" Once.")
    show(tab, message(segment("Theirs", 0), *THREE[1:]))
    tab.locator(".ck-text").nth(1).click()
    (deed,) = deeds(tab)
    assert (deed["was"], deed["words"]) == ("She listened to me.", "She listened to me. Once.")


def test_a_second_correction_is_built_on_the_first_that_is_on_its_way(tab: Any) -> None:
    show(tab, message(*THREE))
    first = tab.locator(".ck-text").first
    for words in ("One ", "She listened to me."):
        first.fill(words)
        tab.locator(".ck-text").nth(1).click()
    (one,) = deeds(tab)
    show(tab, message(segment("One", 0), *THREE[1:], settled=[{"id": one["id"], "why": ""}]))
    two = deeds(tab)[-1]
    assert (two["was"], two["words"]) == ("One", "She listened to me.")


def test_a_space_at_the_end_stays_while_one_types(tab: Any) -> None:
    show(tab, message(*THREE))
    first = tab.locator(".ck-text").first
    first.click()
    first.press("End")
    tab.keyboard.type(" And ")
    tab.wait_for_function("host.deeds.length === 1")
    new = (segment("She listened to me. And", 0), *THREE[1:])
    show(tab, message(*new, settled=[{"id": deeds(tab)[0]["id"], "why": ""}]))
    tab.keyboard.type("then")
    assert first.text_content() == "She listened to me. And then"


def test_another_note_opened_does_not_swallow_what_was_typed(tab: Any) -> None:
    show(tab, message(*THREE))
    first = tab.locator(".ck-text").first
    first.click()
    first.press("End")
    tab.keyboard.type(" Once.")
    show(tab, message(segment("Other", 0), document=2))
    (deed,) = deeds(tab)
    assert (deed["document"], deed["words"]) == (1, "She listened to me. Once.")
    assert first.text_content() == "Other"
    show(tab, message(segment("Other", 0), document=2, settled=[{"id": deed["id"], "why": "no."}]))
    assert said(tab) == "A correction was refused. Your words: She listened to me. Once."


def test_typing_goes_on_while_the_page_is_drawn_again(tab: Any) -> None:
    show(tab, message(*THREE))
    first = tab.locator(".ck-text").first
    first.click()
    first.press("Home")
    tab.keyboard.type("Yes ")
    show(tab, message(*THREE))
    tab.keyboard.type("and ")
    assert first.text_content() == "Yes and She listened to me."


def test_words_are_only_ever_text(tab: Any) -> None:
    show(tab, message(segment(HOSTILE, 0)))
    assert tab.locator(".ck-text").text_content() == HOSTILE
    assert tab.locator(".ck-list img").count() == 0
    assert tab.evaluate("window.hurt") is None


def test_right_to_left_words_run_from_right_to_left(tab: Any) -> None:
    show(tab, message(*THREE))
    assert tab.evaluate(
        "[...document.querySelectorAll('.ck-text')].map((n) => getComputedStyle(n).direction)"
    ) == ["ltr", "ltr", "rtl"]


def test_the_word_that_is_heard_is_marked_whatever_its_signs(tab: Any) -> None:
    show(tab, message(segment("👩‍👩‍👧 e\u0301t là fin", 0), *THREE[1:]))
    for ms, word in ((100, "👩‍👩‍👧"), (300, "e\u0301t"), (700, "fin"), (2_250, "she")):
        tab.evaluate("(ms) => { document.querySelector('audio').currentTime = ms / 1000; }", ms)
        tab.wait_for_function(
            "(word) => { const mark = [...(CSS.highlights.get('check-word') ?? [])][0];"
            " return mark && mark.startContainer.data.slice(mark.startOffset, mark.endOffset)"
            " === word; }",
            arg=word,
        )  # fmt: skip
    expect(tab.locator(".ck-now")).to_have_count(1)


def test_a_press_on_a_word_leads_to_its_time(tab: Any) -> None:
    show(tab, message(*THREE))
    box = tab.locator(".ck-text").nth(1).bounding_box()
    tab.wait_for_function("document.querySelector('audio').readyState > 0")
    tab.mouse.click(box["x"] + 60, box["y"] + box["height"] / 2)
    at = tab.evaluate("document.querySelector('audio').currentTime")
    assert 2.0 <= at <= 2.6


def test_everything_goes_by_keyboard(tab: Any) -> None:
    show(tab, message(*THREE))
    tab.wait_for_function("document.querySelector('audio').readyState > 0")
    first = tab.locator(".ck-text").first
    first.focus()
    now = "document.querySelector('audio').currentTime"
    tab.keyboard.press("Alt+ArrowRight")
    assert tab.evaluate(now) == pytest.approx(3, abs=0.1)
    tab.keyboard.press("Alt+ArrowLeft")
    assert tab.evaluate(now) == pytest.approx(0, abs=0.1)
    tab.keyboard.press("Alt+.")
    assert tab.evaluate("document.querySelector('audio').playbackRate") == 1.25
    tab.keyboard.press("Alt+,")
    tab.keyboard.press("Alt+,")
    assert tab.evaluate("document.querySelector('audio').playbackRate") == 0.75
    tab.keyboard.press("Alt+ArrowDown")
    assert tab.evaluate("document.activeElement.ariaLabel") == "Segment 2"
    tab.keyboard.press("Alt+n")
    assert tab.evaluate("document.activeElement.ariaLabel") == "Segment 3"
    tab.keyboard.press("Alt+h")
    assert deeds(tab)[-1]["kind"] == "review" and deeds(tab)[-1]["position"] == 2
    first.focus()
    first.press("End")
    tab.keyboard.press("Alt+i")
    assert first.inner_text().strip() == "She listened to me. [inaudible]"
    tab.keyboard.type("jkd/?")
    assert tab.evaluate("host.letters.filter((key) => key.length === 1)") == []


def test_escape_plays_and_pauses(tab: Any) -> None:
    show(tab, message(*THREE))
    tab.locator(".ck-text").first.focus()
    tab.keyboard.press("Escape")
    tab.wait_for_function("!document.querySelector('audio').paused")
    expect(tab.get_by_role("button", name="Pause")).to_have_count(1)
    tab.keyboard.press("Escape")
    tab.wait_for_function("document.querySelector('audio').paused")


def test_checked_sends_what_is_typed_first(tab: Any) -> None:
    show(tab, message(*THREE))
    tab.locator(".ck-text").first.fill("Other words")
    tab.keyboard.press("Control+Enter")
    (deed,) = deeds(tab)
    assert deed["kind"] == "correct"
    new = (segment("Other words", 0), *THREE[1:])
    show(tab, message(*new, settled=[{"id": deed["id"], "why": ""}]))
    assert [item["kind"] for item in deeds(tab)] == ["correct", "checked"]


def following_ms(tab: Any, n_segments: int) -> float:
    """Time what the pane does while a recording plays, for one jump in it (the least of three)."""
    words = " ".join(f"word{n}" for n in range(15))
    length_ms = 6_000 * n_segments
    show(tab, message(*(segment(words, 6_000 * at) for at in range(n_segments)),
                      length_ms=length_ms, document=n_segments))  # fmt: skip
    took: float = tab.evaluate(
        """(length) => {
          const pane = speakoutCheckingPane.pane;
          const jumps = () => {
            const begun = performance.now();
            for (let n = 0; n < 100; n += 1) pane.player.onTime((n * 11_903) % length, true);
            return (performance.now() - begun) / 100;
          };
          return Math.min(jumps(), jumps(), jumps());
        }""",
        length_ms,
    )
    return took


def test_an_hour_of_speech_is_followed_without_a_hitch(tab: Any) -> None:
    minutes, hours = following_ms(tab, 60), following_ms(tab, 1_200)
    assert hours < 5 * minutes + 1  # twenty times as long; a millisecond for the clock
