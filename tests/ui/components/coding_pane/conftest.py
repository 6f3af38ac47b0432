"""A page that mounts the pane as Streamlit does, and a server that plays its operations."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.conftest import PATIENCE_S
from workbench.ui.components.coding_pane.bundle import bundle, delta_script, style

LIGHT = {"background": "#FBFAF7", "text": "#1F2933", "primary": "#0B5C5C"}
DARK = {"background": "#14181C", "text": "#E8E6E1", "primary": "#6BC9BC"}

HTML = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Coding</title>
<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">
<style id="theme"></style><style>body{margin:0;background:var(--st-background-color)}</style>
<link rel="stylesheet" href="/pane.css"></head><body><main><div id="workspace"></div>
<div id="delta"></div></main><script type="module">
import workspace from "/pane.js";
import delta from "/delta.js";
const modules = { workspace, delta };
const cleanups = {};
const host = (window.host = { heard: [], shortcuts: [], cleanups });
host.mount = (name, data, parent = document.getElementById(name)) => {
  cleanups[name] = modules[name]({
    name, key: name, data, parentElement: parent, setStateValue() {},
    setTriggerValue: async (event, value) => {
      host.heard.push([name, event, structuredClone(value)]);
      host.show(await window.toServer(name, event, value));
    },
  });
};
host.show = (messages) => {
  for (const [name, data] of messages) {
    host.last ??= {};
    host.last[name] = data;
    host.mount(name, data);
  }
};
host.theme = ({ background, text, primary }) => {
  document.getElementById("theme").textContent =
    `:root{--st-background-color:${background};--st-text-color:${text};--st-primary-color:${primary}}`;
  if (host.last?.workspace) host.mount("workspace", host.last.workspace);
};
document.addEventListener("keydown", (event) => host.shortcuts.push(event.key));
window.toServer("boot", "boot", null).then((messages) => {
  host.theme(messages.theme);
  host.show(messages.shows);
  host.ready = true;
});
</script></body></html>"""


class _Files(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        kind, body = {
            "/pane.js": ("text/javascript", bundle()),
            "/delta.js": ("text/javascript", delta_script()),
            "/pane.css": ("text/css", style()),
        }.get(self.path, ("text/html", HTML))
        payload = body.encode()
        self.send_response(200)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    def log_message(self, format: str, *args: object) -> None:
        return


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Files)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join()


CODES = [
    ("rel", None, "Relationships", "#4477AA", "#88BBEE", "solid"),
    ("heard", "rel", "Not heard", "#0072B2", "#56B4E9", "solid"),
    ("judged", "rel", "Judged", "#882255", "#DD88BB", "dashed"),
    ("cont", "rel", "Continuity", "#44AA99", "#66CCBB", "dotted"),
    ("access", None, "Access barriers", "#AA7700", "#E69F00", "double"),
    ("wait", "access", "Waiting and capacity", "#997700", "#DDCC77", "wavy"),
    ("lang", "access", "Language and interpreters", "#117733", "#77CC88", "dotted"),
    ("good", None, "Positive experiences", "#332288", "#AA99EE", "solid"),
]


def codebook(rows: list[tuple[Any, ...]] = CODES) -> dict[str, Any]:
    names = {row[0]: row[2] for row in rows}
    codes = []
    for guid, parent, name, colour, dark, line in rows:
        path = f"{names[parent]} / {name}" if parent else name
        codes.append(
            {
                "id": guid,
                "parent": parent,
                "name": name,
                "path": path,
                "depth": 1 if parent else 0,
                "colour": colour,
                "dark": dark,
                "style": line,
                "definition": f"What people say about: {name.lower()}.",
                "include": "Any direct mention.",
                "exclude": "Mentions of other people's experience.",
                "examples": ["She looked at my scarf first."],
                "n": 0,
            }
        )
    return {"version": 1, "codes": codes}


class FakeServer:
    """Documents, codings and the rules of the real server, in memory."""

    def __init__(self, texts: dict[int, str], **options: Any) -> None:
        self.texts = texts
        self.kinds = dict.fromkeys(texts, "answer") | options.get("kinds", {})
        # For each line who begins to speak: "" for somebody unknown, None where nobody begins.
        self.speakers: dict[int, list[str | None]] = options.get("speakers", {})
        self.times: dict[int, list[int | None]] = options.get("times", {})
        self.questions = options.get("question", {"ref": "q2", "text": "Tell us about the people."})
        self.languages = options.get("languages", {})
        self.codes = codebook(options.get("codes", CODES))
        self.codings: dict[str, list[Any]] = {}
        self.history: list[dict[str, list[Any]]] = []
        self.undone: list[dict[str, list[Any]]] = []
        self.memos: dict[int, str] = {}
        self.states = dict.fromkeys(texts, "untouched")
        self.current: int | None = options.get("current", min(texts, default=None))
        self.theme = options.get("theme", LIGHT)
        self.drafts: dict[int, str] = options.get("drafts", {})
        self.total = options.get("total", len(texts))
        self.offset, self.limit = 0, options.get("limit", 200)
        self.coder = {"id": 1, "name": "Ana"}
        self.revision = 1
        self.base: dict[str, list[Any]] = {}
        self.played: list[str] = []
        self.ops: list[dict[str, Any]] = []
        self.asked: list[dict[str, Any]] = []
        self.batches: list[dict[str, Any]] = []
        self.refuse: Callable[[dict[str, Any]], str | None] = lambda op: None
        self.lose: Callable[[str], bool] = lambda event: False
        self.delta_first = False
        self.message: dict[str, Any] | None = None
        self.rejected: list[dict[str, str]] = []

    def sha(self, document: int) -> str:
        return hashlib.sha256(self.texts[document].encode()).hexdigest()

    def add(self, document: int, code: str, words: str, coder: int = 1, memo: str = "") -> str:
        start = self.texts[document].index(words)
        guid = f"g{len(self.codings)}"
        self.codings[guid] = [guid, start, start + len(words), code, coder, memo, False, document]
        return guid

    def rows(self, document: int | None) -> dict[str, list[Any]]:
        return {key: row[:7] for key, row in self.codings.items() if row[7] == document}

    def quotes(self, document: int | None = None) -> list[str]:
        document = document or self.current
        return [
            self.texts[row[7]][row[1] : row[2]]
            for row in self.codings.values()
            if row[7] == document and row[1] is not None
        ]

    def items(self) -> list[dict[str, Any]]:
        ids = sorted(self.texts)[self.offset : self.offset + self.limit]
        return [
            {
                "id": i,
                "label": f"R{i:03}",
                "facts": "Parent · Pakistani · London",
                "heading": "",
                "snippet": self.texts[i][:60].replace("\n", " "),
                "state": self.states[i],
                "codings": len(self.rows(i)),
            }
            for i in ids
        ]

    def document(self) -> dict[str, Any] | None:
        if self.current is None:
            return None
        text, blocks, start = self.texts[self.current], [], 0
        speakers = self.speakers.get(self.current)
        names = list(dict.fromkeys(filter(None, speakers or [])))
        who: list[int] = []
        for number, line in enumerate(text.split("\n")):
            speaker = speakers[number] if speakers else None
            begins = speaker is not None and line
            blocks.append([start, line, len(who)] if begins else [start, line])
            if begins:
                who.append(names.index(speaker) if speaker else -1)
            start += len(line) + 1
        turns = {"names": names, "who": who, "times": self.times.get(self.current)}
        turns["facilitators"] = [
            place for place, name in enumerate(names) if name.startswith("Facilitator")
        ]
        return {
            "id": self.current,
            "sha": self.sha(self.current),
            "kind": self.kinds[self.current],
            "label": f"R{self.current:03}",
            "facts": ["Parent", "Pakistani", "London"],
            "question": self.questions,
            "language": self.languages.get(self.current, ""),
            "blocks": blocks,
            "turns": turns if who else None,
            "length": len(text),
            "state": self.states[self.current],
            "memo": self.memos.get(self.current, ""),
            "draft": self.drafts.get(self.current),
            "marks": ["machine draft"] if self.kinds[self.current] == "voice_note" else [],
        }

    def progress(self) -> dict[str, int]:
        return {"done": list(self.states.values()).count("done"), "total": self.total}

    def workspace(self) -> dict[str, Any]:
        self.revision += 1
        self.base = self.rows(self.current)
        return {
            "role": "workspace",
            "coder": self.coder,
            "heading": f"SpeakOut · coding as {self.coder['name']}",
            "progress": self.progress(),
            "document": self.document(),
            "list": {
                "mode": "question",
                "items": self.items(),
                "total": self.total,
                "offset": self.offset,
                "limit": self.limit,
                "empty": "No answers match these filters.",
            },
            "codebook": self.codes,
            "codings": {"rev": self.revision, "rows": list(self.base.values())},
            "coders": {"1": "Ana", "2": "Bo"},
            "coder_looks": {"1": ["#332288", "#AA99EE"], "2": ["#117733", "#77CC88"]},
            "undo": "the last coding" if self.history else None,
            "redo": None,
        }

    def delta(self) -> dict[str, Any]:
        now = self.rows(self.current)
        changed = [[key, row] for key, row in now.items() if self.base.get(key) != row]
        gone: list[list[Any]] = [[key, None] for key in self.base if key not in now]
        own = [row for row in self.codings.values() if row[4] == self.coder["id"]]
        return {
            "role": "delta",
            "document": self.current,
            "base_rev": self.revision,
            "rows": changed + gone,
            "acked": self.played[-400:],
            "rejected": self.rejected,
            "progress": self.progress(),
            "states": {str(key): state for key, state in self.states.items()},
            "n": {c["id"]: sum(row[3] == c["id"] for row in own) for c in self.codes["codes"]},
            "codings_n": {str(key): len(self.rows(key)) for key in self.texts},
            "undo": "the last coding" if self.history else None,
            "redo": "it" if self.undone else None,
            "message": self.message,
            "codebook": self.codes,
        }

    def both(self) -> list[list[Any]]:
        shows = [["workspace", self.workspace()], ["delta", self.delta()]]
        return shows[::-1] if self.delta_first else shows

    def hear(self, mount: str, event: str, value: Any) -> Any:
        if event == "boot":
            return {"theme": self.theme, "shows": self.both()}
        (self.batches if event == "ops" else self.asked).append(value)
        if self.lose(event):
            return []
        if event == "ops":
            for op in value["ops"]:
                self.play(op)
            return [["delta", self.delta()]]
        if "document" in value:
            self.current = value["document"]
        elif "page" in value:
            self.offset = value["page"]
        elif "next" in value:
            self.current = max(self.texts)
        return self.both()

    def play(self, op: dict[str, Any]) -> None:
        if op["id"] in self.played:
            return
        why = self.refuse(op)
        if why:
            self.rejected.append({"id": op["id"], "why": why})
            return
        self.played.append(op["id"])
        self.ops.append(op)
        if op["kind"] not in {"undo", "redo"}:
            self.history.append({key: list(row) for key, row in self.codings.items()})
        getattr(self, f"_{op['kind']}")(op)

    def _span(self, op: dict[str, Any]) -> None:
        text = self.texts[op["document"]]
        assert op["sha"] == self.sha(op["document"])
        if op["start"] is None:
            assert op["end"] is None
            assert op["quote"] is None
            return
        assert 0 <= op["start"] < op["end"] <= len(text)
        if op["quote"] is not None:
            assert text[op["start"] : op["end"]] == op["quote"]

    def _add(self, op: dict[str, Any]) -> None:
        self._span(op)
        assert op["code"] in {code["id"] for code in self.codes["codes"]}
        row = [op["coding"], op["start"], op["end"], op["code"], 1, "", False, op["document"]]
        self.codings[op["coding"]] = row
        if self.states[op["document"]] == "untouched":
            self.states[op["document"]] = "in_progress"

    def _accept_draft(self, op: dict[str, Any]) -> None:
        assert self.drafts.pop(op["document"]) == "warn"

    def _remove(self, op: dict[str, Any]) -> None:
        del self.codings[op["coding"]]

    def _recode(self, op: dict[str, Any]) -> None:
        self.codings[op["coding"]][3] = op["code"]

    def _adjust(self, op: dict[str, Any]) -> None:
        self._span(op)
        self.codings[op["coding"]][1:3] = [op["start"], op["end"]]
        self.codings[op["coding"]][6] = False

    def _memo(self, op: dict[str, Any]) -> None:
        self.codings[op["coding"]][5] = op["text"]

    def _document_memo(self, op: dict[str, Any]) -> None:
        self.memos[op["document"]] = op["text"]

    def _done(self, op: dict[str, Any]) -> None:
        self.states[op["document"]] = "done" if op["done"] else "in_progress"

    def _new_code(self, op: dict[str, Any]) -> None:
        rows = [*CODES, (op["code"], op["parent"], op["name"], "#999933", "#BBBB66", "solid")]
        self.codes = codebook(rows)

    def _undo(self, op: dict[str, Any]) -> None:
        self.undone.append(self.codings)
        self.codings = self.history.pop()
        self.message = {"id": op["id"], "text": "Undone in R001", "document": op["document"]}

    def _redo(self, op: dict[str, Any]) -> None:
        self.history.append(self.codings)
        self.codings = self.undone.pop()


class Driver:
    """One open page: what a person sees and does, in the words of these tests."""

    def __init__(self, page: Any, server: FakeServer) -> None:
        self.page, self.server, self.errors = page, server, []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on(
            "console",
            lambda said: (
                self.errors.append(said.text) if said.type in {"error", "warning"} else None
            ),
        )

    def start(self, address: str) -> Driver:
        self.page.expose_function("toServer", self.server.hear)
        self.page.goto(address)
        return self.ready()

    def ready(self) -> Driver:
        self.page.wait_for_function(
            """() => {
              if (!window.host?.ready) return false;
              const { opened, view } = globalThis.speakoutCodingPane.pane;
              return !opened || view.visible.size > 0;
            }"""
        )
        self.frames()
        return self

    def frames(self, count: int = 3) -> None:
        self.page.evaluate(
            "async n => { for (; n; n--) await new Promise(f => requestAnimationFrame(f)); }", count
        )

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def saved(self) -> None:
        self.page.wait_for_function("document.querySelector('.cp-saved').textContent === 'Saved'")

    def text(self, selector: str) -> str:
        return str(self.page.text_content(selector))

    def select(self, words: str) -> None:
        """Select words of one line through the browser's own selection."""
        self.page.evaluate(
            """words => {
              for (const line of document.querySelectorAll(".cp-words")) {
                const node = line.firstChild, at = node.data.indexOf(words);
                if (at < 0) continue;
                document.querySelector(".cp-text").focus({ preventScroll: true });
                getSelection().setBaseAndExtent(node, at, node, at + words.length);
                return;
              }
              throw new Error("no such words: " + words);
            }""",
            words,
        )
        self.frames(2)

    def caret(self, words: str) -> None:
        self.select(words)
        self.page.evaluate("getSelection().collapseToStart()")
        self.frames(2)

    def box(self, words: str) -> dict[str, Any]:
        """Where words are on the screen: the first and the last character, and the direction."""
        found: dict[str, Any] = self.page.evaluate(
            """words => {
              for (const line of document.querySelectorAll(".cp-words")) {
                const node = line.firstChild, at = node.data.indexOf(words);
                if (at < 0) continue;
                const parts = [...new Intl.Segmenter().segment(words)].map(s => s.segment);
                const of = (from, to) => {
                  const range = document.createRange();
                  range.setStart(node, from); range.setEnd(node, to);
                  const { left, right, top, height } = range.getBoundingClientRect();
                  return { left, right, middle: top + height / 2 };
                };
                const end = at + words.length;
                return {
                  first: of(at, at + parts[0].length),
                  last: of(end - parts.at(-1).length, end),
                  rtl: getComputedStyle(line).direction === "rtl",
                };
              }
            }""",
            words,
        )
        return found

    def drag(self, words: str) -> None:
        box = self.box(words)
        start, end = box["first"]["left"] + 1, box["last"]["right"] - 1
        if box["rtl"]:
            start, end = box["first"]["right"] - 1, box["last"]["left"] + 1
        mouse = self.page.mouse
        mouse.move(start, box["first"]["middle"])
        mouse.down()
        mouse.move((start + end) / 2, (box["first"]["middle"] + box["last"]["middle"]) / 2, steps=3)
        mouse.move(end, box["last"]["middle"], steps=3)
        mouse.up()
        self.frames(2)

    def click(self, words: str) -> None:
        first = self.box(words)["first"]
        self.page.mouse.click((first["left"] + first["right"]) / 2, first["middle"])
        self.frames(2)


@pytest.fixture
def pane(chromium: Any, address: str) -> Iterator[Callable[..., Driver]]:
    """Open a page on a fake server; afterwards the page must have had nothing to complain of."""
    opened: list[Driver] = []

    def start(server: FakeServer, **context: Any) -> Driver:
        options = {"viewport": {"width": 1280, "height": 720}} | context
        page = chromium.new_context(**options).new_page()
        page.set_default_timeout(PATIENCE_S * 1000)
        opened.append(Driver(page, server))
        return opened[-1].start(address)

    yield start
    for driver in opened:
        driver.page.context.close()
    assert [error for driver in opened for error in driver.errors] == []


@pytest.fixture
def fake() -> type[FakeServer]:
    return FakeServer


@pytest.fixture
def dark() -> dict[str, str]:
    return DARK
