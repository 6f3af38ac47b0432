"""The bundler: what it joins, and what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbench.ui.components.coding_pane.bundle import (
    FOLDER,
    BundleError,
    bundle,
    bundle_folder,
    delta_script,
    style,
)


def folder_of(path: Path, **files: str) -> Path:
    for name, source in files.items():
        (path / f"{name}.js").write_text(source, encoding="utf-8")
    return path


def test_files_come_after_those_that_they_import(tmp_path: Path) -> None:
    folder = folder_of(
        tmp_path,
        one='import { two } from "./two.js";\nexport const one = two + 1;\n',
        two="export const two = 2;\n",
        mount='import {\n  one,\n} from "./one.js";\nimport { two } from "./two.js";\n'
        "export default function mount() { return one + two; }\n",
    )
    joined = bundle_folder(folder)
    assert joined == (
        "const two = 2;\nconst one = two + 1;\n"
        "export default function mount() { return one + two; }\n"
    )


def test_comments_on_their_own_lines_go_and_others_stay(tmp_path: Path) -> None:
    source = (
        "// first\n/** one line */\n/**\n * several\n * lines\n */\n"
        "export default function mount() {\n  // inner\n"
        '  return "http://x"; // after code\n}\n'
    )
    assert bundle_folder(folder_of(tmp_path, mount=source)) == (
        'export default function mount() {\n  return "http://x"; // after code\n}\n'
    )


ENTRY = "export default function mount() {}\n"


@pytest.mark.parametrize(
    ("files", "message"),
    [
        (
            {
                "mount": 'import { a } from "./one.js";\nconst same = 1;\n' + ENTRY,
                "one": "const same = 2;\nexport const a = 1;\n",
            },
            "mount.js: 'same' is declared in one.js already",
        ),
        (
            {"mount": 'import { b } from "./one.js";\n' + ENTRY, "one": "export const a = 1;\n"},
            "mount.js: one.js does not export b",
        ),
        (
            {
                "mount": 'import { a } from "./one.js";\n' + ENTRY,
                "one": 'import { m } from "./mount.js";\nexport const a = m;\n',
            },
            "mount.js -> one.js -> mount.js: files import each other in a circle",
        ),
        ({"mount": 'import { a } from "./none.js";\n' + ENTRY}, "none.js: there is no such file"),
        ({"mount": 'import { a as b } from "./one.js";\n' + ENTRY}, "cannot import 'a as b'"),
        ({"mount": 'import * as one from "./one.js";\n' + ENTRY}, "'import \\* as one"),
        ({"mount": 'import one from "elsewhere";\n' + ENTRY}, "is not handled"),
        ({"mount": "const a = 1;\nexport { a };\n" + ENTRY}, "'export { a };' is not handled"),
        ({"mount": "const a = import('./one.js');\n" + ENTRY}, "is not handled"),
        ({"mount": "const { a } = {};\n" + ENTRY}, "declare top-level names one by one"),
        ({"mount": "const a = 1;\n"}, "0 default exports"),
        ({"mount": "const a = `x\ny`;\n" + ENTRY}, "a template string over several lines"),
        (
            {
                "mount": 'import { a } from "./one.js";\n' + ENTRY,
                "one": "export const a = 1;\nexport default function one() {}\n",
            },
            "one.js: 1 default exports of a named function; only the entry has one",
        ),
    ],
)
def test_what_cannot_be_joined_is_refused(
    tmp_path: Path, files: dict[str, str], message: str
) -> None:
    with pytest.raises(BundleError, match=message):
        bundle_folder(folder_of(tmp_path, **files))


def test_every_file_of_the_pane_is_in_the_module() -> None:
    joined = bundle()
    for path in FOLDER.glob("*.js"):
        declared = [
            line.split("(")[0].split("{")[0].strip()
            for line in path.read_text(encoding="utf-8").splitlines()
            if line.startswith(("export class ", "export function "))
        ]
        for line in declared:
            assert line.removeprefix("export ") in joined, path.name
    assert joined.count("export default ") == 1
    assert "\nimport " not in joined
    assert "innerHTML" not in joined


def test_the_module_and_the_delta_are_small_enough_to_send() -> None:
    assert len(bundle().encode()) < 140_000
    assert len(delta_script().encode()) < 400


def test_files_are_of_a_size_that_can_be_read() -> None:
    for path in [*FOLDER.glob("*.js"), *FOLDER.glob("*.css")]:
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 400, path.name


def test_the_style_sheet_is_whole() -> None:
    assert style().count("{") == style().count("}")
    assert "/*" not in style()
