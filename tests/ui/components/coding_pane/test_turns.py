"""A discussion on the screen: who speaks stands beside the words and is never part of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

BAD = "<img src=x onerror=document.title='owned'>\u202e"
SAID = [
    ("Facilitator", "Who did you ask first?"),
    ("Amina", "I rang the school."),
    (None, "Nobody rang back 😀."),
    ("پروین", "میں نے تین بار فون کیا۔"),
    ("", "Same here."),
    ("Amina", "Twice, in fact."),
    (BAD, "And again."),
]
TEXT = "\n\n".join(words for _, words in SAID)
SPEAKERS = [name for who, _ in SAID for name in (who, None)][:-1]
TIMES = [0, 61, 125, 190, 3725, 3800]


@pytest.fixture
def group(pane: Callable[..., Any], fake: Any) -> Callable[..., Any]:
    def start(**options: Any) -> Any:
        how = {"kinds": {1: "focus_group"}, "speakers": {1: SPEAKERS}, "times": {1: TIMES}}
        return pane(fake({1: TEXT, 2: "An answer."}, **(how | options)))

    return start


def held(driver: Any) -> str:
    driver.frames(2)
    return str(
        driver.page.evaluate(
            """() => {
              const pane = globalThis.speakoutCodingPane.pane, span = pane.attention.held;
              return span ? pane.quote(span.start, span.end) : "";
            }"""
        )
    )


def shown(driver: Any) -> list[str]:
    driver.frames(2)
    lines = driver.page.locator(".cp-words").all()
    return [line.inner_text() for line in lines if line.is_visible()]


def test_names_and_times_stand_above_turns_and_are_text(group: Callable[..., Any]) -> None:
    driver = group()
    heads = driver.page.locator(".cp-speaker")
    assert [head.inner_text().replace("\n", " ") for head in heads.all()] == [
        "Facilitator 00:00", "Amina 01:01", "پروین 02:05", "Speaker not known 03:10",
        "Amina 1:02:05", f"{BAD} 1:03:20",
    ]  # fmt: skip
    assert driver.page.locator(".cp-root img").count() == 0
    assert driver.page.title() == "Coding"
    assert [head.get_attribute("dir") for head in heads.all()] == [
        "ltr",
        "ltr",
        "rtl",
        *["ltr"] * 3,
    ]
    sizes = driver.page.evaluate(
        """[...document.querySelectorAll(".cp-words")].map(it => getComputedStyle(it).fontSize)"""
    )
    assert sizes[0] == "16px" and sizes[2] == "17.5px", "the facilitator is quieter"
    driver.page.evaluate("document.querySelectorAll('.cp-text')[0].focus()")
    driver.press("Control+a", "1")
    driver.saved()
    assert driver.server.quotes() == [TEXT]


def test_what_is_copied_are_the_words(group: Callable[..., Any]) -> None:
    driver = group()
    driver.press("Control+a")
    copied = driver.page.evaluate(
        """() => {
          const data = new DataTransfer();
          const how = { clipboardData: data, bubbles: true, cancelable: true };
          const event = new ClipboardEvent("copy", how);
          document.querySelector(".cp-text").dispatchEvent(event);
          return [event.defaultPrevented, data.getData("text/plain")];
        }"""
    )
    assert copied == [True, TEXT]


def test_the_caret_and_a_selection_go_over_names_as_if_they_were_not_there(
    group: Callable[..., Any],
) -> None:
    driver = group()
    driver.caret("first?")
    driver.press("End", "ArrowRight", "Shift+ArrowRight")
    assert held(driver) == "I"
    driver.caret("school")
    driver.press("ArrowDown", "Home", "Shift+End")
    assert held(driver) == "Nobody rang back 😀."
    driver.caret("Twice")
    driver.press("Shift+ArrowUp")
    assert held(driver).startswith("Same here")


def test_whole_turns_are_selected_and_coded(group: Callable[..., Any]) -> None:
    driver = group()
    driver.caret("Nobody")
    driver.press("t", "1")
    driver.saved()
    assert driver.server.quotes() == ["I rang the school.\n\nNobody rang back 😀."]
    driver.press("t")
    exchange = "I rang the school.\n\nNobody rang back 😀.\n\nمیں نے تین بار فون کیا۔"
    assert held(driver) == exchange
    driver.press("Shift+T", "2")
    driver.saved()
    assert driver.server.quotes()[-1] == f"Who did you ask first?\n\n{exchange}"
    heads = driver.page.locator(".cp-speaker")
    heads.nth(3).click()
    assert held(driver) == "Same here."
    heads.nth(4).click(modifiers=["Shift"])
    assert held(driver) == "Same here.\n\nTwice, in fact."
    driver.caret("Nobody")
    driver.press(*["Alt+ArrowUp"] * 4)
    assert held(driver) == "I rang the school.\n\nNobody rang back 😀."


def test_keys_of_turns_work_though_the_press_has_opened_what_is_coded(
    group: Callable[..., Any],
) -> None:
    driver = group()
    driver.select("rang back")
    driver.press("1")
    driver.saved()
    turns = "I rang the school.\n\nNobody rang back 😀."
    for key in ("t", "Shift+T"):
        driver.click("rang back")
        assert driver.page.is_visible(".cp-popover")
        driver.press(key)
        assert not driver.page.is_visible(".cp-popover")
        assert held(driver) == turns
        driver.press("Escape")
    driver.click("rang back")
    driver.press("t", "t", "2")
    driver.saved()
    assert driver.server.quotes()[-1] == f"{turns}\n\nمیں نے تین بار فون کیا۔"
    driver.click("rang back")
    driver.press("f")
    assert len(shown(driver)) < len(SAID)


def test_the_turns_of_a_speaker_one_after_another(group: Callable[..., Any]) -> None:
    driver = group()
    driver.caret("school")
    assert driver.text(".cp-speakers .cp-who") == "Amina"
    assert driver.text(".cp-speakers .cp-quiet") == "turn 1 of 2"
    driver.press("s")
    driver.frames()
    assert driver.text(".cp-speakers .cp-quiet") == "turn 2 of 2"
    assert driver.text(".cp-status") == "Amina, 1:02:05: Twice, in fact."
    driver.press("t")
    assert held(driver) == "Twice, in fact."
    driver.press("s")
    assert driver.text(".cp-status") == "Amina says no more."
    driver.page.click(".cp-step >> nth=0")
    driver.frames()
    assert driver.text(".cp-speakers .cp-quiet") == "turn 1 of 2"


def test_going_to_a_time(group: Callable[..., Any]) -> None:
    driver = group()
    for written, name in [("3:00", "پروین"), ("1:02:10", "Amina"), ("4", "Speaker not known")]:
        driver.press("g")
        driver.page.keyboard.type(written)
        driver.press("Enter")
        driver.frames()
        assert driver.text(".cp-speakers .cp-who") == name
        assert driver.page.evaluate("document.activeElement.className") == "cp-text"
    driver.press("g")
    driver.page.keyboard.type("soon")
    driver.press("Enter")
    assert "12:04" in driver.text(".cp-status")
    driver.press("Escape")
    assert driver.page.evaluate("document.activeElement.className") == "cp-text"


def test_a_time_that_is_gone_to_leaves_the_box_and_one_too_late_is_told(
    group: Callable[..., Any],
) -> None:
    driver = group()
    for written, told in [
        ("1:02:10", "Amina, 1:02:05: "),
        ("9:00:00", "No turn begins later. <img"),
    ]:
        driver.press("g")
        driver.page.keyboard.type(written)
        driver.press("Enter")
        driver.frames()
        assert driver.text(".cp-status").startswith(told)
        assert driver.page.locator(".cp-go").input_value() == ""


def test_the_turn_that_is_gone_to_is_in_sight(pane: Callable[..., Any], fake: Any) -> None:
    """Turns that were never drawn turn out higher than was guessed, and may not push it out."""
    said = [
        ("Amina", "I rang the school, and nobody rang back. " * (1 + at % 9)) for at in range(150)
    ]
    text = "\n\n".join(words.strip() for _, words in said)
    speakers = [name for who, _ in said for name in (who, None)][:-1]
    times = [20 * at for at in range(150)]
    driver = pane(
        fake({1: text}, kinds={1: "focus_group"}, speakers={1: speakers}, times={1: times})
    )
    for written in ("12:40", "47:20", "30:00", "5:00"):
        driver.press("g")
        driver.page.keyboard.type(written)
        driver.press("Enter")
        driver.frames(10)
        minutes, seconds = written.split(":")
        row = driver.page.locator(".cp-speaker").nth((60 * int(minutes) + int(seconds)) // 20)
        place, room = (
            row.bounding_box(),
            driver.page.locator(".cp-middle .cp-scroll").bounding_box(),
        )
        assert room["y"] <= place["y"] <= room["y"] + room["height"] - place["height"], written
    driver.press("s", "s", "s", "s", "s", "s", "s", "s")
    driver.frames(10)
    place = driver.page.locator(".cp-speaker").nth(23).bounding_box()
    assert room["y"] <= place["y"] <= room["y"] + room["height"] - place["height"]


def test_a_code_for_several_turns_says_how_many(group: Callable[..., Any]) -> None:
    driver = group()
    driver.caret("school")
    for key in ("t", "t", "t", "1"):
        driver.press(key)
    assert " in 3 turns: I rang the school." in driver.text(".cp-status")


def test_the_foot_names_the_keys_of_turns_in_a_discussion_alone(
    group: Callable[..., Any],
) -> None:
    driver = group()
    keys = [node.inner_text() for node in driver.page.locator(".cp-hint kbd").all()]
    assert keys[:5] == ["T", "S", "F", "P", "G"]
    driver.press("j")
    driver.page.wait_for_function(
        "() => document.querySelector('.cp-hint kbd')?.textContent === '↑↓'"
    )


def test_one_speaker_alone_and_everybody_again(group: Callable[..., Any]) -> None:
    driver = group()
    driver.server.add(1, "heard", "Same here", coder=2)
    driver.caret("school")
    driver.press("f")
    amina = ["I rang the school.", "Nobody rang back 😀.", "Twice, in fact."]
    assert shown(driver) == amina
    folds = driver.page.locator(".cp-fold")
    assert [fold.get_attribute("data-fold").replace("\u2068", "").replace("\u2069", "")
            for fold in folds.all()][:2] == [
        "1 turn folded: Facilitator", "2 turns folded: پروین, Speaker not known",
    ]  # fmt: skip
    driver.select("school")
    driver.press("1")
    driver.saved()
    driver.press("f")
    assert len(shown(driver)) == len(SAID)
    driver.press("f", "Escape", "Escape")
    assert len(shown(driver)) == len(SAID)
    assert driver.server.quotes() == ["Same here", "school"]


def test_what_is_selected_or_gone_to_is_never_folded(group: Callable[..., Any]) -> None:
    driver = group()
    driver.server.add(1, "heard", "Same here")
    driver.page.evaluate("host.show([])")
    driver.caret("Nobody")
    driver.press("f")
    driver.press("End", "Shift+ArrowDown", "Shift+End")
    assert "Same here." in shown(driver)
    assert "Same here." in held(driver)
    assert "And again." not in shown(driver)
    driver.press("Escape", "]")
    driver.page.click(".cp-fold >> nth=-1")
    assert "And again." in shown(driver)


def test_the_list_of_speakers_tells_turns_and_words_and_folds(group: Callable[..., Any]) -> None:
    driver = group()
    driver.caret("school")
    driver.press("p")
    rows = driver.page.locator(".cp-speaker-row")
    assert rows.nth(1).inner_text().split("\n")[1:] == ["Amina", "2 turns", "11 words", "42 %"]
    assert "facilitator" in rows.nth(0).inner_text()
    driver.press("ArrowDown", "Space", "ArrowDown", "ArrowDown", "Space")
    assert shown(driver) == [
        "I rang the school.", "Nobody rang back 😀.", "Same here.", "Twice, in fact.",
    ]  # fmt: skip
    driver.press("Escape")
    assert driver.page.evaluate("document.activeElement.className") == "cp-text"
    driver.press("j")
    driver.page.wait_for_function("document.querySelector('.cp-title').textContent[3] === '2'")
    assert not driver.page.is_visible(".cp-speakers")
    driver.press("t")
    assert "no turns" in driver.text(".cp-status")
    driver.press("k")
    driver.page.wait_for_function("document.querySelector('.cp-title').textContent[3] === '1'")
    assert len(shown(driver)) == 4, "the choice stays with the group"


@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_and_nothing_hangs_over(group: Callable[..., Any], width: int) -> None:
    from axe_playwright_python.sync_playwright import Axe

    driver = group()
    driver.page.set_viewport_size({"width": width, "height": 900})
    driver.caret("school")
    driver.press("f", "p")
    driver.frames()
    found = Axe().run(driver.page, context=".cp-root").response["violations"]
    assert [f"{v['id']}: {v['nodes'][0]['html'][:120]}" for v in found] == []
    assert driver.page.evaluate("document.documentElement.scrollWidth") == width
    expect(driver.page.locator(".cp-speaker-list")).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("width", [1280, 660, 390])
def test_figures_of_a_speaker_stand_in_one_line(group: Callable[..., Any], width: int) -> None:
    driver = group()
    driver.page.set_viewport_size({"width": width, "height": 900})
    driver.caret("school")
    driver.press("p")
    driver.frames()
    rows = driver.page.evaluate(
        """[...document.querySelectorAll(".cp-speaker-row")].map(row => {
             const counts = [...row.querySelectorAll(".cp-count")];
             const places = counts.map(node => node.getBoundingClientRect());
             const fits = counts.every(node => node.scrollWidth <= node.clientWidth + 1);
             const low = places.every(({ height }) => height < 30);
             return [new Set(places.map(({ top }) => top)).size, low, fits];
           })"""
    )
    assert len(rows) == 5
    assert all(row == [1, True, True] for row in rows), rows
