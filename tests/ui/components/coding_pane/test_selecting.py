"""The words that are coded are the words that were selected, in any script and by any means."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.browser

TEXT = "\n".join(
    [
        "The clinic is far 🚑 and the bus costs too much 😢👨‍👩‍👧‍👦 for my family.",
        "میں نے ڈاکٹر صاحب سے پوچھا کہ یہ دوائی کیوں 😔 انہوں نے کوئی جواب نہیں دیا۔",
        "قالت الأم: «لا أستطيعُ الذهابَ وحدي» and then she left, mixed direction 🇵🇰 text.",
        "Café résumé naïve; दिल्ली में रहते हैं 👩🏽‍⚕️ said the nurse.".replace("é", "e\u0301"),
        "",
        "Plain closing sentence without anything special at all.",
    ]
)


@pytest.mark.parametrize(
    "words",
    [
        "clinic is far 🚑 and",
        "too much 😢👨‍👩‍👧‍👦 for",
        "ڈاکٹر صاحب سے پوچھا",
        "😔 انہوں نے کوئی",
        "दिल्ली में रहते",
        "closing sentence",
    ],
)
def test_dragging_the_mouse(pane: Callable[..., Any], fake: Any, words: str) -> None:
    driver = pane(fake({1: TEXT}))
    driver.drag(words)
    driver.press("1")
    driver.saved()
    assert driver.server.quotes() == [words]


def test_the_keyboard_alone(pane: Callable[..., Any], fake: Any) -> None:
    driver = pane(fake({1: TEXT}))
    driver.page.evaluate("document.activeElement.blur()")
    for _ in range(12):
        driver.press("Tab")
        if driver.page.evaluate("document.activeElement.className") == "cp-text":
            break
    driver.press("Control+Home", *["ArrowRight"] * 4, *["Control+Shift+ArrowRight"] * 3, "2")
    driver.saved()
    assert driver.server.quotes() == ["clinic is far"]
    driver.press("Control+Home", *["ArrowRight"] * 18, "Shift+ArrowRight", "3")
    driver.saved()
    assert driver.server.quotes()[-1] == "🚑"
    driver.press(
        "Control+Home", "ArrowDown", "ArrowDown", "Home", *["Control+Shift+ArrowLeft"] * 3, "1"
    )
    driver.saved()
    line = TEXT.split("\n")[1]
    assert line.startswith(driver.server.quotes()[-1])
    assert len(driver.server.quotes()[-1]) > 5


def test_widening_goes_from_word_to_sentence_to_line(pane: Callable[..., Any], fake: Any) -> None:
    driver = pane(fake({1: "One two. Three four five. Six.\nAnother line."}))
    driver.caret("four")
    seen = []
    for _ in range(3):
        driver.press("Alt+ArrowUp")
        driver.frames(2)
        seen.append(driver.page.evaluate("getSelection().toString()"))
    assert seen == ["four", "Three four five.", "One two. Three four five. Six."]


def test_a_selection_over_lines_has_its_newlines(pane: Callable[..., Any], fake: Any) -> None:
    driver = pane(fake({1: TEXT}))
    driver.page.evaluate(
        """() => {
          const lines = document.querySelectorAll(".cp-words");
          const first = lines[3].firstChild, last = lines[5].firstChild;
          document.querySelector(".cp-text").focus();
          getSelection().setBaseAndExtent(first, first.data.indexOf("nurse"), last, 5);
        }"""
    )
    driver.press("1")
    driver.saved()
    assert driver.server.quotes() == ["nurse.\n\nPlain"]


def test_a_triple_click_takes_the_line_and_no_more(pane: Callable[..., Any], fake: Any) -> None:
    driver = pane(fake({1: TEXT}))
    first = driver.box("closing")["first"]
    driver.page.mouse.click(first["right"], first["middle"], click_count=3)
    driver.press("1")
    driver.saved()
    assert driver.server.quotes() == [TEXT.split("\n")[5]]


def test_selecting_everything(pane: Callable[..., Any], fake: Any) -> None:
    driver = pane(fake({1: TEXT}))
    driver.press("Control+a", "1")
    driver.saved()
    assert driver.server.quotes() == [TEXT]


ALPHABET = [
    *"abc de ",
    *"پاکستان نے ہے؟َُِّ",
    *["😀", "👨‍👩‍👧‍👦", "🇵🇰", "👩🏽‍⚕️", "दि", "ल्ली", "한글", "e\u0301", "\u0301"],
    *["\u200f", "\u200d", "𝒳", "𐍈", "\t", "\u00a0", "ß", "İ", "\u2028"],
]


def test_random_selections_never_miss(pane: Callable[..., Any], fake: Any) -> None:
    generator = random.Random(11)
    text = "\n".join(
        "".join(generator.choices(ALPHABET, k=generator.randint(0, 120))) for _ in range(60)
    )
    driver = pane(fake({1: text}))
    found = driver.page.evaluate(
        """async () => {
          const pane = globalThis.speakoutCodingPane.pane, { view } = pane;
          let seed = 1;
          const random = n => { seed = (seed * 1103515245 + 12345) & 0x7fffffff; return seed % n; };
          const out = [];
          for (let k = 0; k < 1200; k++) {
            const a = view.lines[random(view.lines.length)];
            const below = Math.min(view.lines.length - 1, a.index + random(3));
            const z = random(4) ? a : view.lines[below];
            let i = random(a.text.length + 1), j = random(z.text.length + 1);
            if (a === z && i > j) [i, j] = [j, i];
            getSelection().setBaseAndExtent(a.node, i, z.node, j);
            document.dispatchEvent(new Event("selectionchange"));
            const held = pane.attention.held;
            if (!held) continue;
            const shown = view.staticRanges(held.start, held.end).map(r =>
              r.startContainer.data.slice(r.startOffset, r.endOffset)).join("\\n");
            out.push([held.start, held.end, pane.quote(held.start, held.end), shown]);
          }
          return out;
        }"""
    )
    assert len(found) >= 300
    for start, end, quote, shown in found:
        words = text[start:end]
        assert quote == words
        assert shown.replace("\n", "") == words.replace("\n", "")
        marked = len(words) > 1 and (unicodedata.combining(words[1]) or words[1] == "\u200d")
        assert words[0] not in " \n\t" or marked
        splits = unicodedata.combining(words[0]) and start and text[start - 1] not in " \n\t\u00a0"
        assert not splits or text[start - 1] in "\u200f\u2028"


def test_half_a_character_is_made_whole(pane: Callable[..., Any], fake: Any) -> None:
    driver = pane(fake({1: TEXT}))
    for words, part in [("👩🏽‍⚕️", (1, 3)), ("e\u0301", (0, 1)), ("👨‍👩‍👧‍👦", (2, 6))]:
        driver.page.evaluate(
            """([words, from, to]) => {
              for (const line of document.querySelectorAll(".cp-words")) {
                const node = line.firstChild, at = node.data.indexOf(words);
                if (at < 0) continue;
                getSelection().setBaseAndExtent(node, at + from, node, at + to);
                return;
              }
            }""",
            [words, *part],
        )
        driver.frames(2)
        driver.press("1")
        driver.saved()
        assert driver.server.quotes()[-1] == words


def test_typing_and_input_methods_cannot_change_the_words(
    pane: Callable[..., Any], fake: Any
) -> None:
    server = fake({1: TEXT})
    server.add(1, "heard", "clinic is far")
    driver = pane(server)
    words = "[...document.querySelectorAll('.cp-words')].map(w => w.textContent).join('\\n')"
    driver.caret("clinic")
    driver.page.keyboard.type("xyz c r")
    driver.press("Backspace", "Enter", "Escape", "Control+v")
    driver.caret("bus")
    session = driver.page.context.new_cdp_session(driver.page)
    session.send(
        "Input.imeSetComposition", {"text": "にほ", "selectionStart": 2, "selectionEnd": 2}
    )
    driver.frames()
    assert driver.page.evaluate(words) == TEXT
    session.send("Input.insertText", {"text": "日本"})
    driver.frames()
    assert driver.page.evaluate(words) == TEXT
    driver.page.evaluate("document.querySelectorAll('.cp-row')[1].remove()")
    driver.frames()
    assert driver.page.evaluate(words) == TEXT
    driver.select("bus costs")
    driver.press("1")
    driver.saved()
    assert driver.server.quotes()[-1] == "bus costs"
