"""The shape of the code: who may import whom, and how large a module grows."""

import ast
from pathlib import Path

from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

ROOT = Path(__file__).resolve().parents[1]
MAX_LINES = 400
MAX_FUNCTION_LINES = 60

ALL_TABLES = ROOT / "workbench/store/tables.py"
"""One file on purpose: the data model is read in one go."""


def modules():
    found = [*ROOT.glob("workbench/**/*.py"), *ROOT.glob("pipelines/**/*.py")]
    return [path for path in found if "versions" not in path.parts and "bundle" not in path.parts]


def test_the_layers_hold(monkeypatch):
    monkeypatch.chdir(ROOT)
    status = lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True)
    assert status == EXIT_STATUS_SUCCESS


def test_modules_stay_small():
    sizes = {
        path: len(path.read_text(encoding="utf-8").splitlines())
        for path in [*modules(), *ROOT.glob("workbench/**/*.js")]
        if path != ALL_TABLES
    }
    large = {str(path.relative_to(ROOT)): n for path, n in sizes.items() if n > MAX_LINES}
    assert large == {}


def test_functions_stay_small():
    large = {}
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                body = node.body[1:] if ast.get_docstring(node) else node.body
                lines = node.end_lineno - body[0].lineno + 1 if body else 0
                if lines > MAX_FUNCTION_LINES:
                    large[f"{path.relative_to(ROOT)}: {node.name}"] = lines
    assert large == {}


def test_no_module_has_a_name_that_says_nothing():
    empty = {"utils", "util", "helpers", "manager", "common", "misc"}
    assert [path for path in modules() if path.stem in empty] == []


def test_nothing_of_a_merge_is_left_behind():
    marks = ("<" * 7 + " ", ">" * 7 + " ")
    kinds = {".py", ".js", ".css", ".md", ".toml", ".yaml", ".txt", ".html", ".json"}
    folders = ("workbench", "pipelines", "tests", "docs", "benchmarks", "codebooks")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for folder in folders
        for path in (ROOT / folder).rglob("*")
        if path.suffix in kinds and path.is_file()
        for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if text.startswith(marks)
    ]
    assert found == []
