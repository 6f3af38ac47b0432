"""It can be read and used: contrast, themes, screen readers, touch, narrow screens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

TEXT = (
    "She listened to me without judging. But then the next one looked at my scarf first.\n"
    "میں نے تین بار فون کیا مگر کسی نے جواب نہیں دیا۔\n"
    "They said they would call and then nothing."
)
THEMES = [
    {"background": "#FBFAF7", "text": "#1F2933", "primary": "#0B5C5C"},
    {"background": "#14181C", "text": "#E8E6E1", "primary": "#6BC9BC"},
    {"background": "#FFFFFF", "text": "#31333F", "primary": "#FF4B4B"},
    {"background": "#0E1117", "text": "#FAFAFA", "primary": "#FF4B4B"},
]
AWKWARD = [
    ("a", None, "Yellow", "#FFFF00", "#FFFF00", "solid"),
    ("b", None, "White", "#FFFFFF", "#FFFFFF", "dashed"),
    ("c", None, "Black", "#000000", "#000000", "dotted"),
    ("d", None, "Page", "#FBFAF7", "#14181C", "double"),
    ("e", None, "None", "nonsense", "", "wavy"),
]
CONTRAST = """() => {
  const channel = part =>
    (part /= 255) <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const ratio = (a, b) => {
    const [x, y] = [light(a), light(b)].sort((p, q) => q - p);
    return (x + 0.05) / (y + 0.05);
  };
  const rgb = hex => hex.match(/[0-9a-f]{2}/gi).slice(0, 3).map(pair => parseInt(pair, 16));
  const css = getComputedStyle(document.querySelector(".cp-root"));
  const of = name => rgb(css.getPropertyValue("--cp-" + name));
  const over = (top, share, below) => top.map((part, i) => part * share + below[i] * (1 - share));
  const surface = of("surface"), text = of("text"), fills = [], out = [];
  for (const rule of document.querySelector(".cp-root style").sheet.cssRules) {
    const shown = /background-color: rgba\\(([^)]+)\\)/.exec(rule.cssText);
    const line = /(?:underline|-color:)[^;]*rgb\\(([^)]+)\\)/.exec(rule.cssText);
    if (!shown || !line) continue;
    const [r, g, b, share] = shown[1].split(",").map(Number);
    const fill = over([r, g, b], share, surface);
    fills.push(fill);
    const stripe = line[1].split(",").map(Number);
    out.push(["text on fill", ratio(text, fill), 4.5]);
    out.push(["stripe on surface", ratio(stripe, surface), 2.99]);
  }
  for (const fill of fills) for (const other of fills) {
    const both = over(other, 0.8, fill);
    out.push(["text on two fills", ratio(text, both), 4.5]);
  }
  for (const ground of ["page", "surface"])
    for (const name of ["text", "quiet", "accent", "warning", "danger"])
      out.push([name + " on " + ground, ratio(of(name), of(ground)), 4.49]);
  out.push(["button", ratio(of("page"), of("accent")), 4.49]);
  out.push(["edge", ratio(of("edge"), of("surface")), 2.99]);
  return { out, fills: fills.length };
}"""


@pytest.mark.parametrize("theme", THEMES, ids=["light", "dark", "streamlit", "streamlit-dark"])
@pytest.mark.parametrize("codes", ["usual", "awkward"])
def test_words_and_stripes_stand_out(
    pane: Callable[..., Any], fake: Any, theme: dict[str, str], codes: str
) -> None:
    options = {"codes": AWKWARD} if codes == "awkward" else {}
    driver = pane(fake({1: TEXT}, theme=theme, **options))
    found = driver.page.evaluate(CONTRAST)
    assert found["fills"] >= 5
    weak = [(name, round(ratio, 2)) for name, ratio, least in found["out"] if ratio < least]
    assert weak == []


def test_the_theme_can_change_while_coding(
    pane: Callable[..., Any], fake: Any, dark: dict[str, str]
) -> None:
    server = fake({1: TEXT})
    server.add(1, "heard", "listened")
    driver = pane(server)
    driver.select("my scarf")
    light = driver.page.evaluate("document.querySelector('.cp-root style').textContent")
    driver.page.evaluate("theme => host.theme(theme)", dark)
    driver.frames()
    assert driver.page.get_attribute(".cp-root", "data-theme") == "dark"
    assert driver.page.evaluate("document.querySelector('.cp-root style').textContent") != light
    driver.press("2")
    driver.saved()
    assert sorted(server.quotes()) == ["listened", "my scarf"]
    assert driver.page.evaluate("[...CSS.highlights.values()].filter(h => h.size).length") == 2


def axe(driver: Any) -> list[str]:
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(driver.page, context=".cp-root").response["violations"]
    return [f"{v['id']}: {v['nodes'][0]['html'][:120]}" for v in found]


@pytest.mark.parametrize("theme", THEMES[:2], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 820])
def test_axe_finds_nothing(
    pane: Callable[..., Any], fake: Any, theme: dict[str, str], width: int
) -> None:
    server = fake({1: TEXT, 2: "x"}, theme=theme, kinds={1: "voice_note"}, limit=1, total=2)
    server.add(1, "heard", "listened to me", memo="cf. R003")
    server.add(1, "judged", "listened", coder=2)
    server.codings["w"] = ["w", None, None, "access", 1, "", False, 1]
    server.codings["l"] = ["l", None, None, "good", 1, "", True, 1]
    server.memos[1] = "A memo."
    driver = pane(server, viewport={"width": width, "height": 1000})
    assert axe(driver) == []
    driver.caret("listened")
    driver.press("Enter")
    assert axe(driver) == []
    driver.press("Escape")
    driver.select("my scarf")
    driver.press("i")
    driver.frames()
    assert axe(driver) == []
    driver.press("Escape", "?")
    assert axe(driver) == []
    driver.press("Escape", "m")
    assert axe(driver) == []


def test_everything_is_reached_by_tab(pane: Callable[..., Any], fake: Any) -> None:
    server = fake({1: TEXT, 2: "x"}, limit=1, total=2)
    server.codings["w"] = ["w", None, None, "access", 1, "", False, 1]
    driver = pane(server)
    driver.page.evaluate("document.activeElement.blur()")
    seen = []
    for _ in range(30):
        driver.press("Tab")
        seen.append(
            driver.page.evaluate(
                """(({ activeElement: node }) =>
                  node.getAttribute("aria-label") || node.textContent.trim())(document)"""
            )
        )
    wanted = {"Keys", "Answers", "Next", "Memo", "Whole", "Done and next", "Text of R001"}
    wanted |= {"Remove Access barriers from the whole document", "Find or make a code", "Codes"}
    assert wanted - set(seen) == set(), seen


def test_right_to_left_lines_are_set_as_such(pane: Callable[..., Any], fake: Any) -> None:
    driver = pane(fake({1: TEXT}, languages={1: "ur"}))
    looks = driver.page.evaluate(
        """[...document.querySelectorAll(".cp-words")].map(line => {
          const style = getComputedStyle(line);
          return [style.direction, style.fontFamily.split(",")[0], parseFloat(style.lineHeight)];
        })"""
    )
    assert [look[0] for look in looks] == ["ltr", "rtl", "ltr"]
    assert "Naskh" in looks[1][1]
    assert "Serif" in looks[0][1]
    assert looks[1][2] > looks[0][2] + 8
    assert driver.page.get_attribute(".cp-text", "lang") == "ur"


def test_a_tablet_has_drawers_and_room_for_fingers(pane: Callable[..., Any], fake: Any) -> None:
    driver = pane(
        fake({1: TEXT, 2: "The second answer."}),
        viewport={"width": 820, "height": 1180},
        has_touch=True,
    )
    assert not driver.page.is_visible(".cp-list")
    driver.page.tap("text=Answers")
    driver.page.tap("[data-document='2']")
    driver.page.wait_for_function(
        "document.querySelector('.cp-title').textContent.startsWith('R002')"
    )
    assert not driver.page.is_visible(".cp-list")
    driver.select("second")
    small = driver.page.evaluate(
        """[...document.querySelectorAll(".cp-root button, .cp-input, .cp-code")]
             .map(node => [node.textContent, node.getBoundingClientRect().height])
             .filter(([, height]) => height && height < 40)"""
    )
    assert small == []
    driver.page.tap(".cp-bar >> text=Judged")
    driver.saved()
    assert driver.server.quotes() == ["second"]
    driver.page.tap(".cp-bar >> text=Find")
    driver.page.keyboard.type("wait")
    driver.page.tap(".cp-code >> nth=0")
    driver.saved()
    assert driver.server.quotes() == ["second", "second"]
    assert driver.page.evaluate("document.documentElement.scrollWidth") == 820


def test_in_a_low_and_narrow_window_selected_words_stay_in_sight(
    pane: Callable[..., Any], fake: Any
) -> None:
    text = "\n".join(f"Line {n} that somebody said." for n in range(40))
    driver = pane(fake({1: text}), viewport={"width": 660, "height": 700})
    driver.select("Line 2")
    covered = """() => {
      const { left, top, height } = getSelection().getRangeAt(0).getBoundingClientRect();
      const at = document.elementFromPoint(left + 2, top + height / 2);
      return !at.closest(".cp-text") || getComputedStyle(document.querySelector(".cp-bar")).display;
    }"""
    assert driver.page.evaluate(covered) == "none"
    driver.page.click(".cp-code >> text=Judged")  # the codes below the text do as well
    driver.saved()
    assert driver.server.quotes() == ["Line 2"]
    driver.page.click(".cp-toggle >> text=Codes")  # without them the bar offers some
    driver.select("Line 2")
    assert driver.page.is_visible(".cp-bar")


def test_nothing_hangs_over_the_edge_of_a_phone(pane: Callable[..., Any], fake: Any) -> None:
    driver = pane(fake({1: TEXT}), viewport={"width": 390, "height": 800})
    assert driver.page.evaluate("document.documentElement.scrollWidth") == 390
    over = driver.page.evaluate(
        """[...document.querySelectorAll(".cp-root button, .cp-words, .cp-input")]
             .filter(node => node.offsetParent && node.getBoundingClientRect().right > 390)
             .map(node => node.className)"""
    )
    assert over == []


def test_what_happens_is_said(pane: Callable[..., Any], fake: Any) -> None:
    driver = pane(fake({1: TEXT}))
    live = driver.page.locator(".cp-status")
    assert live.get_attribute("role") == "status"
    assert live.is_visible() or live.evaluate("node => getComputedStyle(node).display") != "none"
    driver.select("my scarf")
    driver.press("2")
    assert live.inner_text() == "Coded Judged: my scarf"


def test_a_retired_code_keeps_its_name_but_is_not_offered(
    pane: Callable[..., Any], fake: Any
) -> None:
    server = fake({1: "She listened to me."})
    server.codes["retired"] = [
        {"id": "old", "name": "Retired code", "path": "Retired code",
         "colour": "#117733", "dark": "#66CC88", "style": "solid"}
    ]  # fmt: skip
    server.add(1, "old", "listened")
    driver = pane(server)
    assert "Retired code" in driver.text(".cp-row")
    driver.click("listened")
    assert "Retired code" in driver.text(".cp-popover")
    assert "Retired code" not in driver.text(".cp-codes")


def test_another_coders_coding_carries_their_colour_and_name(
    pane: Callable[..., Any], fake: Any
) -> None:
    server = fake({1: "She listened to me.\nThen she left."})
    server.add(1, "heard", "listened")
    server.add(1, "judged", "left", coder=2)
    driver = pane(server)
    names = driver.page.locator(".cp-name")
    expect(names).to_have_count(2)
    assert [node.get_attribute("title") for node in names.all()] == ["Not heard", "Judged · Bo"]
    dot = driver.page.locator(".cp-name .cp-coder")
    expect(dot).to_have_count(1)
    expect(dot).to_have_css("background-color", "rgb(17, 119, 51)")
    driver.page.evaluate("theme => host.theme(theme)", THEMES[1])
    expect(dot).to_have_css("background-color", "rgb(119, 204, 136)")
    driver.page.locator(".cp-name", has_text="Judged").click()
    expect(driver.page.locator(".cp-entry .cp-coder")).to_have_count(1)
