"""What a person does with codes: give, make, find, remove, recode, adjust, annotate."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

TEXT = (
    "She listened to me without judging. But then the next one looked at my scarf first.\n"
    "They said they would call and then nothing."
)


def start(pane: Callable[..., Any], fake: Any, **options: Any) -> Any:
    return pane(fake({1: TEXT, 2: "Another answer.", 3: "A third."}, **options))


def spans(driver: Any) -> list[tuple[Any, ...]]:
    return sorted(
        (row[3], driver.server.texts[row[7]][row[1] : row[2]] if row[1] is not None else None)
        for row in driver.server.codings.values()
    )


def test_a_number_key_codes_the_selected_words(pane: Callable[..., Any], fake: Any) -> None:
    driver = start(pane, fake)
    driver.select("my scarf")
    driver.press("2")
    assert "Coded Judged: my scarf" in driver.text(".cp-status")
    driver.saved()
    assert spans(driver) == [("judged", "my scarf")]
    driver.press("2")
    assert "Judged is here already" in driver.text(".cp-status")
    driver.press("1")
    driver.saved()
    assert spans(driver) == [("heard", "my scarf"), ("judged", "my scarf")]
    assert driver.text("[data-code=judged] .cp-count") == "1"
    assert driver.text("[data-document='1'] .cp-count") == "2"
    assert driver.page.get_attribute("[data-document='1']", "data-state") == "in_progress"


def test_a_press_on_a_code_keeps_the_selection(pane: Callable[..., Any], fake: Any) -> None:
    driver = start(pane, fake)
    driver.drag("my scarf")
    driver.page.click("[data-code=cont]")
    driver.saved()
    assert spans(driver) == [("cont", "my scarf")]
    assert driver.page.evaluate("getSelection().toString()") == "my scarf"


def test_no_selection_means_the_whole_answer(pane: Callable[..., Any], fake: Any) -> None:
    driver = start(pane, fake)
    driver.caret("scarf")
    driver.press("1")
    assert "Coded Not heard: the whole document" in driver.text(".cp-status")
    driver.saved()
    assert spans(driver) == [("heard", None)]
    assert driver.page.inner_text(".cp-chips").split() == [
        "The",
        "whole",
        "document:",
        "Not",
        "heard",
        "×",
    ]
    driver.page.click(".cp-chip-remove")
    driver.saved()
    assert spans(driver) == []
    assert not driver.page.is_visible(".cp-chips")


def test_a_focus_group_is_coded_whole_only_on_purpose(pane: Callable[..., Any], fake: Any) -> None:
    driver = start(pane, fake, kinds={1: "focus_group"})
    driver.caret("scarf")
    driver.press("1")
    assert driver.text(".cp-status") == "Select words first, or press W for the whole document."
    driver.press("w", "Escape", "1")
    assert driver.server.codings == {}
    driver.press("w", "1")
    driver.saved()
    assert spans(driver) == [("heard", None)]


def test_whole_next_holds_even_with_words_selected(pane: Callable[..., Any], fake: Any) -> None:
    driver = start(pane, fake)
    driver.select("my scarf")
    driver.press("w", "3", "4")
    driver.saved()
    assert spans(driver) == [("cont", None), ("wait", "my scarf")]


def test_finding_a_code_by_keyboard(pane: Callable[..., Any], fake: Any) -> None:
    driver = start(pane, fake)
    driver.select("listened")
    driver.press("/")
    assert driver.page.evaluate("document.activeElement.getAttribute('role')") == "combobox"
    driver.page.keyboard.type("lang acc")
    assert (
        driver.page.locator(".cp-code")
        .first.inner_text()
        .strip()
        .endswith("Access barriers / Language and interpreters")
    )
    driver.press("Enter")
    driver.saved()
    assert spans(driver) == [("lang", "listened")]
    assert driver.page.evaluate("document.activeElement.className") == "cp-text"
    assert driver.page.evaluate("getSelection().toString()") == "listened"
    driver.press("/", "ArrowDown", "ArrowDown", "Escape")
    assert driver.page.evaluate("document.activeElement.className") == "cp-text"
    assert spans(driver) == [("lang", "listened")]


def test_the_tree_shows_what_a_code_means(pane: Callable[..., Any], fake: Any) -> None:
    driver = start(pane, fake)
    driver.page.hover("[data-code=judged]")
    about = driver.page.inner_text(".cp-about")
    assert "What people say about: judged." in about
    assert "Use it for" in about
    assert "Mentions of other people's experience." in about
    driver.page.focus(".cp-tree")
    driver.press("Home", "ArrowLeft")
    assert driver.page.locator("[data-code=judged]").count() == 0
    driver.press("ArrowRight", "ArrowDown", "Enter")
    driver.saved()
    assert spans(driver) == [("heard", None)]


def test_making_a_code_from_the_words(pane: Callable[..., Any], fake: Any) -> None:
    driver = start(pane, fake)
    driver.page.hover("[data-code=wait]")
    driver.select("looked at my scarf")
    driver.press("i")
    assert driver.page.input_value(".cp-input") == "looked at my scarf"
    options = driver.page.locator(".cp-make").all_inner_texts()
    assert [option.split("\n")[-1] for option in options] == [
        "Make code “looked at my scarf” under Access barriers",
        "Make code “looked at my scarf” under Relationships",
        "Make code “looked at my scarf” under Positive experiences",
        "Make theme “looked at my scarf”",
    ]
    driver.press("Enter")
    driver.saved()
    made = next(op for op in driver.server.ops if op["kind"] == "new_code")
    assert (made["name"], made["parent"]) == ("looked at my scarf", "access")
    assert spans(driver) == [(made["code"], "looked at my scarf")]
    assert driver.text(f"[data-code='{made['code']}'] .cp-count") == "1"
    names = driver.page.locator(".cp-name").all_inner_texts()
    assert names == ["looked at my scarf"]


def test_making_a_theme_by_name_and_coding_the_answer(pane: Callable[..., Any], fake: Any) -> None:
    driver = start(pane, fake)
    driver.page.click(".cp-input")
    driver.page.keyboard.type("Housing")
    driver.press("PageDown", "Enter")
    driver.saved()
    made = next(op for op in driver.server.ops if op["kind"] == "new_code")
    assert (made["name"], made["parent"]) == ("Housing", None)
    assert spans(driver) == [(made["code"], None)]
    driver.press("/")
    driver.page.keyboard.type("housing")
    assert driver.page.locator(".cp-make").count() == 0


def test_removing_at_the_caret(pane: Callable[..., Any], fake: Any) -> None:
    driver = start(pane, fake)
    driver.server.add(1, "heard", "without judging")
    driver.server.add(1, "judged", "would call", coder=2)
    driver.page.reload()
    driver.ready()
    driver.caret("would call")
    driver.press("Delete")
    assert driver.text(".cp-status") == "Only its own coder may remove that."
    driver.caret("judging")
    assert driver.page.inner_text(".cp-here").startswith("Not heard · you")
    driver.press("Delete")
    driver.saved()
    assert spans(driver) == [("judged", "would call")]
    driver.press("Control+z")
    driver.saved()
    assert spans(driver) == [("heard", "without judging"), ("judged", "would call")]
    driver.frames()
    assert "Undone in R001" in driver.text(".cp-status")
    driver.press("Control+Shift+z")
    driver.saved()
    assert spans(driver) == [("judged", "would call")]


def test_the_popover_lists_everybodys_and_changes_only_ones_own(
    pane: Callable[..., Any], fake: Any
) -> None:
    server = fake({1: TEXT})
    server.add(1, "heard", "listened to me without judging")
    server.add(1, "judged", "without judging", coder=2, memo="is it?")
    driver = pane(server)
    driver.click("without")
    entries = driver.page.locator(".cp-entry")
    expect(entries).to_have_count(2)
    texts = [entries.nth(i).inner_text() for i in range(2)]
    assert "Not heard" in texts[0]
    assert "you" in texts[0]
    assert "“without judging”" in texts[1]
    assert "Bo" in texts[1]
    assert "is it?" in texts[1]
    assert entries.nth(1).locator("button").count() == 0
    driver.page.click("[aria-label='Recode Not heard']")
    driver.page.keyboard.type("contin")
    assert driver.page.inner_text(".cp-purpose") == "Recode Not heard as …"
    driver.press("Enter")
    driver.saved()
    assert spans(driver) == [
        ("cont", "listened to me without judging"),
        ("judged", "without judging"),
    ]
    assert not driver.page.is_visible(".cp-purpose")
    driver.caret("listened")
    driver.press("Enter")
    driver.page.click("[aria-label='Remove Continuity']")
    driver.saved()
    assert spans(driver) == [("judged", "without judging")]


def test_a_memo_is_kept_and_not_lost_by_one_press(pane: Callable[..., Any], fake: Any) -> None:
    server = fake({1: TEXT})
    guid = server.add(1, "heard", "without judging")
    driver = pane(server)
    driver.caret("judging")
    driver.press("Enter")
    driver.page.click("[aria-label='Memo Not heard']")
    driver.page.keyboard.type("check <b>this</b> 🙂")
    driver.press("Escape")
    assert "not saved" in driver.page.inner_text(".cp-popover")
    driver.press("Control+Enter")
    driver.saved()
    assert server.codings[guid][5] == "check <b>this</b> 🙂"
    driver.caret("judging")
    assert "memo: check <b>this</b> 🙂" in driver.page.inner_text(".cp-here")


def test_adjusting_the_ends(pane: Callable[..., Any], fake: Any) -> None:
    server = fake({1: TEXT})
    guid = server.add(1, "heard", "without")
    driver = pane(server)
    driver.caret("without")
    driver.press("Enter")
    driver.page.click("[aria-label='Adjust ends Not heard']")
    driver.press("Control+Shift+ArrowRight", "Escape")
    assert driver.page.evaluate("getSelection().toString()").strip() == "without judging"
    assert server.quotes() == ["without"]
    driver.caret("without")
    driver.press("Enter")
    driver.page.click("[aria-label='Adjust ends Not heard']")
    driver.press("Control+Shift+ArrowRight", "1")
    assert "Finish adjusting first" in driver.text(".cp-status")
    driver.press("Enter")
    driver.saved()
    assert server.quotes() == ["without judging"]
    assert list(server.codings) == [guid]


def test_a_coding_without_a_place_is_placed_again(pane: Callable[..., Any], fake: Any) -> None:
    server = fake({1: TEXT})
    server.codings["lost"] = ["lost", 2, 9, "judged", 1, "", True, 1]
    driver = pane(server)
    assert "To be placed again" in driver.page.inner_text(".cp-lost")
    expect(driver.page.locator(".cp-stripe")).to_have_count(0)
    driver.page.click("[aria-label='Place Judged again']")
    driver.drag("my scarf")
    driver.page.click(".cp-bar >> text=Keep")
    driver.saved()
    assert server.codings["lost"][1:3] == [TEXT.index("my scarf"), TEXT.index("my scarf") + 8]
    assert not driver.page.is_visible(".cp-lost")
    expect(driver.page.locator(".cp-stripe")).to_have_count(1)


def test_moving_between_codings(pane: Callable[..., Any], fake: Any) -> None:
    server = fake({1: TEXT})
    server.add(1, "heard", "listened")
    server.add(1, "judged", "would call", coder=2)
    driver = pane(server)
    driver.caret("She")
    driver.press("]")
    assert driver.text(".cp-status") == "Not heard: listened"
    driver.press("]")
    assert driver.text(".cp-status") == "Judged: would call"
    driver.press("]")
    assert driver.text(".cp-status") == "No coding after this."
    driver.press("[")
    assert driver.text(".cp-status") == "Not heard: listened"


def test_overlaps_can_be_told_apart_without_colour(pane: Callable[..., Any], fake: Any) -> None:
    server = fake({1: TEXT})
    for code in ("heard", "judged", "cont"):
        server.add(1, code, "listened to me without judging")
    driver = pane(server)
    stripes = driver.page.evaluate(
        """[...document.querySelectorAll(".cp-stripe")].map(stripe =>
             [stripe.getBoundingClientRect().x, stripe.className.split(" ").at(-1)])"""
    )
    assert len({x for x, _ in stripes}) == 3
    assert {kind for _, kind in stripes} == {"cp-line-solid", "cp-line-dashed", "cp-line-dotted"}
    rules = driver.page.evaluate("document.querySelector('.cp-root style').textContent")
    own = [line for line in rules.splitlines() if "-own" in line][1:4]
    depths = {line.split("text-underline-offset:")[1].split(";")[0] for line in own}
    assert len(depths) == 3
    assert driver.page.evaluate("[...CSS.highlights.values()].filter(h => h.size).length") == 3


def test_markup_in_any_text_stays_text(pane: Callable[..., Any], fake: Any) -> None:
    bad = '<img src=x onerror="document.title=1"><script>document.title=2</script>'
    server = fake(
        {1: f"{bad} words"},
        question={"ref": "q", "text": bad},
        speakers={1: [bad]},
        codes=[("bad", None, bad, "red;}*{display:none", "x", "solid}*{display:none")],
    )
    guid = server.add(1, "bad", "words", memo=bad)
    server.codings["w"] = ["w", None, None, "bad", 1, bad, False, 1]
    server.memos[1] = bad
    driver = pane(server)
    driver.caret("words")
    driver.press("Enter")
    driver.frames()
    assert driver.page.locator(".cp-root img, .cp-root script").count() == 0
    assert driver.page.title() == "Coding"
    assert bad in driver.page.text_content(".cp-text")
    assert bad in driver.page.inner_text(".cp-about")
    assert "display:none" not in driver.page.evaluate(
        "document.querySelector('.cp-root style').textContent"
    )
    assert server.codings[guid][5] == bad


def test_a_double_click_selects_a_coded_word(pane: Callable[..., Any], fake: Any) -> None:
    server = fake({1: TEXT})
    server.add(1, "heard", "without judging")
    driver = pane(server)
    first = driver.box("judging")["first"]
    driver.page.mouse.dblclick(first["right"], first["middle"])
    driver.frames()
    assert not driver.page.is_visible(".cp-popover")
    driver.press("2")
    driver.saved()
    assert spans(driver) == [("heard", "without judging"), ("judged", "judging")]


def test_a_refused_code_is_taken_back_with_its_coding(pane: Callable[..., Any], fake: Any) -> None:
    driver = start(pane, fake)
    driver.server.refuse = lambda op: "the codebook is locked"
    driver.select("my scarf")
    driver.press("i", "Enter")
    driver.page.wait_for_function(
        "document.querySelector('.cp-saved').textContent === 'Refused: the codebook is locked'"
    )
    driver.frames()
    assert "my scarf" not in driver.page.inner_text(".cp-tree")
    expect(driver.page.locator(".cp-stripe")).to_have_count(0)


def test_undo_works_while_the_popover_is_open(pane: Callable[..., Any], fake: Any) -> None:
    driver = start(pane, fake)
    driver.select("my scarf")
    driver.press("2")
    driver.saved()
    driver.caret("scarf")
    driver.press("Enter")
    driver.page.wait_for_selector(".cp-popover:not([hidden])")
    driver.press("Control+z")
    driver.saved()
    assert spans(driver) == []
    assert driver.page.query_selector(".cp-popover:not([hidden])") is None


def test_a_machine_draft_is_coded_only_after_a_warning(pane: Callable[..., Any], fake: Any) -> None:
    driver = start(pane, fake, drafts={1: "warn"}, kinds={1: "voice_note"})
    driver.select("my scarf")
    driver.press("2")
    assert "nobody has checked these words by ear" in driver.text(".cp-status")
    assert spans(driver) == []
    assert driver.page.evaluate("document.activeElement.textContent") == "Code it all the same"
    driver.page.keyboard.press("Enter")
    driver.saved()
    assert spans(driver) == [("judged", "my scarf")]
    assert [op["kind"] for op in driver.server.ops] == ["accept_draft", "add"]
    driver.select("nothing")
    driver.press("1")
    driver.saved()
    assert len(spans(driver)) == 2  # asked once only


def test_a_draft_that_may_not_be_coded_says_what_to_do(pane: Callable[..., Any], fake: Any) -> None:
    driver = start(pane, fake, drafts={1: "forbid"}, kinds={1: "voice_note"})
    driver.select("my scarf")
    driver.press("2")
    assert "codes only what a person has checked" in driver.text(".cp-status")
    assert driver.page.locator(".cp-offer button").count() == 0
    assert driver.server.ops == []
