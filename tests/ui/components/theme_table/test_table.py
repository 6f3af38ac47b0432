"""The table of themes in a real browser: read, chosen from by keyboard and mouse, copied."""

from __future__ import annotations

import base64

import pytest
from playwright.sync_api import expect

from workbench.ui.components.theme_table import FOLDER

pytestmark = pytest.mark.browser

HOSTILE = "<img src=x onerror='window.hit=1'>"


def cell(text, **more):
    return {"text": text, "below": "", "title": text, "empty": False, **more}


DATA = {
    "label": "Themes by role",
    "corner": "Theme",
    "heads": [[
        {"name": "All respondents", "span": 1, "rows": 1, "base": "(n = 9)",
         "warning": "3 not done"},
        {"name": HOSTILE, "span": 1, "rows": 1, "base": "(n = 4)", "warning": ""},
    ]],
    "groups": [[], [HOSTILE]],
    "rows": [
        {"code": 7, "name": "Not heard", "depth": 0, "cells": [cell("5 (56 %)"), cell("1 (25 %)")]},
        {"code": 8, "name": HOSTILE, "depth": 1, "cells": [cell("0 (0 %)"), cell("0 (0 %)")]},
    ],
    "chosen": [0, 0],
    "copy": {
        "title": "=Respondents by role", "notes": ["n is of all.", HOSTILE],
        "label": "Copy table", "done": "Copied.", "failed": "Not copied.",
    },
}  # fmt: skip


@pytest.fixture
def page(chromium):
    opened = chromium.new_page()
    script = base64.b64encode((FOLDER / "table.js").read_bytes()).decode()
    opened.set_content("<button>before</button><div id=mount><style></style></div>")
    opened.evaluate(
        """async ([script, data]) => {
          const module = await import(`data:text/javascript;base64,${script}`);
          window.sent = [];
          window.draw = (changed) => module.default({
            data: {...data, ...changed},
            parentElement: document.getElementById("mount"),
            setTriggerValue: (name, value) => window.sent.push([name, value]),
          });
          window.draw({});
        }""",
        [script, DATA],
    )
    yield opened
    opened.close()


def focused(page):
    return page.evaluate("document.activeElement.textContent")


def test_it_is_a_grid_with_names_for_rows_and_columns(page):
    expect(page.get_by_role("grid", name="Themes by role")).to_have_count(1)
    assert page.get_by_role("rowheader").all_inner_texts() == ["Not heard", HOSTILE]
    expect(page.get_by_role("columnheader")).to_have_count(3)
    assert page.get_by_role("gridcell", selected=True).inner_text() == "5 (56 %)"
    expect(page.locator("#mount > style"), "the style sheet beside it stays").to_have_count(1)


def test_texts_stay_texts(page):
    assert page.locator("img").count() == 0
    assert page.evaluate("window.hit") is None


def test_one_tab_stop_and_arrows_within(page):
    page.get_by_role("button", name="before").focus()
    page.keyboard.press("Tab")
    assert focused(page) == "5 (56 %)"
    page.keyboard.press("ArrowRight")
    assert focused(page) == "1 (25 %)"
    page.keyboard.press("ArrowRight")
    assert focused(page) == "1 (25 %)", "the edge is the end"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Home")
    assert focused(page) == "0 (0 %)"
    assert page.evaluate("window.sent") == [], "moving chooses nothing"
    expect(page.locator("td[tabindex='0']")).to_have_count(1)


def test_enter_chooses_and_a_second_time_opens(page):
    page.locator("td[tabindex='0']").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    value = {"code": 7, "groups": [HOSTILE]}
    assert page.evaluate("window.sent") == [
        ["cell", {**value, "open": False}],
        ["cell", {**value, "open": True}],
    ]


def test_a_click_chooses_and_a_double_click_opens(page):
    page.locator("td").nth(2).dblclick()
    sent = [value for _, value in page.evaluate("window.sent")]
    assert sent[0] == {"code": 8, "groups": [], "open": False}
    assert sent[-1] == {"code": 8, "groups": [], "open": True}


def test_the_focus_stays_when_the_choice_comes_back(page):
    page.locator("td[tabindex='0']").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.evaluate("window.draw({chosen: [0, 1]})")
    assert focused(page) == "1 (25 %)"
    assert page.get_by_role("gridcell", selected=True).inner_text() == "1 (25 %)"


def test_new_numbers_are_drawn(page):
    page.evaluate("window.draw({corner: 'Code', rows: []})")
    assert page.locator("td").count() == 0
    assert page.get_by_role("columnheader").first.inner_text() == "Code"
    expect(page.locator("table")).to_have_count(1)


# ------------------------------------------------------------------ copying

READ = """async () => {
  const [item] = await navigator.clipboard.read();
  const texts = await Promise.all(item.types.map(async (type) =>
    [type, await (await item.getType(type)).text()]));
  return Object.fromEntries(texts);
}"""


@pytest.fixture(scope="module")
def on_a_server(chromium):
    """Open a page at an address that a browser trusts with the clipboard."""
    import functools
    import threading
    from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *args):
            """Say nothing."""

    handler = functools.partial(Quiet, directory=str(FOLDER))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        address = f"http://127.0.0.1:{server.server_address[1]}"
        context = chromium.new_context(permissions=["clipboard-read", "clipboard-write"])
        opened = context.new_page()
        opened.goto(f"{address}/table.css")
        opened.evaluate(
            """async (data) => {
              document.body.innerHTML = "<div id=mount></div>";
              const module = await import("/table.js");
              window.draw = (changed) => module.default({
                data: {...data, ...changed},
                parentElement: document.getElementById("mount"),
                setTriggerValue: () => {},
              });
              window.draw({});
            }""",
            DATA,
        )
        yield opened
        context.close()
        server.shutdown()


def copied(page):
    page.get_by_role("button", name="Copy table").click()
    page.get_by_text("Copied.").wait_for()
    return page.evaluate(READ)


def test_the_table_is_copied_as_a_table_and_as_text(on_a_server):
    found = copied(on_a_server)
    assert found["text/plain"].splitlines() == [
        "'=Respondents by role",
        f"Theme\tAll respondents (n = 9)\t{HOSTILE} (n = 4)",
        "Not heard\t5 (56 %)\t1 (25 %)",
        f"{HOSTILE}\t0 (0 %)\t0 (0 %)",
        "n is of all.",
        HOSTILE,
    ]
    drawn = on_a_server.evaluate(
        """(html) => {
          const page = new DOMParser().parseFromString(html, "text/html");
          return {
            rows: [...page.querySelectorAll("tr")].map((row) =>
              [...row.children].map((cell) => cell.textContent)),
            images: page.querySelectorAll("img, script").length,
            bordered: page.querySelector("td").style.border !== "",
            paragraphs: [...page.querySelectorAll("p")].map((one) => one.textContent),
          };
        }""",
        found["text/html"],
    )
    assert drawn["rows"][0] == ["Theme", "All respondents(n = 9)", f"{HOSTILE}(n = 4)"]
    assert drawn["rows"][1] == ["Not heard", "5 (56 %)", "1 (25 %)"]
    assert drawn["images"] == 0
    assert drawn["bordered"]
    assert drawn["paragraphs"][1:] == ["n is of all.", HOSTILE]
    on_a_server.evaluate("navigator.clipboard.writeText('')")


def test_crossed_heads_and_formulas(on_a_server):
    head = {"span": 1, "rows": 1, "base": "(n = 1)", "warning": ""}
    on_a_server.evaluate(
        "(changed) => window.draw(changed)",
        {
            "heads": [
                [{"name": "All", **head, "rows": 2}, {"name": "Roma", "span": 2, "rows": 1}],
                [{"name": "young", **head}, {"name": "old", **head}],
            ],
            "rows": [{"code": 1, "name": "=1+1", "depth": 0, "cells": [
                cell("+3 points", below="-1 to 7"), cell("b"), cell("c")]}],
        },
    )  # fmt: skip
    found = copied(on_a_server)
    lines = found["text/plain"].splitlines()
    assert lines[1] == "Theme\tAll (n = 1)\tRoma young (n = 1)\tRoma old (n = 1)"
    assert lines[2] == "'=1+1\t+3 points, -1 to 7\tb\tc"
    assert 'colspan="2"' in found["text/html"]
    assert 'rowspan="2"' in found["text/html"]


def test_where_the_clipboard_is_closed_the_table_is_copied_all_the_same(on_a_server):
    on_a_server.evaluate("window.draw({})")
    on_a_server.evaluate(
        "() => { navigator.clipboard.write = () => Promise.reject(new Error('no')); }"
    )
    found = copied(on_a_server)
    assert "<table" in found["text/html"]
    assert "Not heard\t5 (56 %)" in found["text/plain"]
