"""The documentation says what the program does: every page, command, setting, field and column."""

from __future__ import annotations

import ast
import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import workbench

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
LAYOUT = (".ci", ".streamlit", "benchmarks", "codebooks", "data_samples", "docs", "pipelines")
LAYOUT += ("tests", "workbench")
PAGES = sorted(
    [path for folder in LAYOUT for path in (ROOT / folder).rglob("*.md")] + list(ROOT.glob("*.md"))
)
CELL = re.compile(r"(?<!\\)\|")
NAMED = re.compile(r"`([^`]+)`")


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def section(text: str, heading: str) -> str:
    """Give what stands under a heading, up to the next of the same or a higher level."""
    mark = re.search(rf"^(#+) {re.escape(heading)}$", text, re.MULTILINE)
    assert mark, f"there is no heading {heading!r}"
    rest = text[mark.end() :]
    end = re.search(rf"^#{{1,{len(mark[1])}}} ", rest, re.MULTILINE)
    return rest[: end.start()] if end else rest


def tables(text: str) -> Iterator[dict[str, list[str]]]:
    """Yield the tables of a text: the other cells of a row by what its first cell holds."""
    rows: dict[str, list[str]] = {}
    for line in [*text.splitlines(), ""]:
        if line.startswith("|"):
            first, *others = [cell.strip() for cell in CELL.split(line)[1:-1]]
            rows[first] = others
        elif rows:
            yield dict(list(rows.items())[2:])
            rows = {}


def names_in_first_table(text: str) -> dict[str, list[str]]:
    """Map every name in back quotes in the first column of a first table to the other cells."""
    rows = next(tables(text))
    return {name: others for first, others in rows.items() for name in NAMED.findall(first)}


def code_blocks(path: Path, *languages: str) -> list[str]:
    found = re.findall(r"^```(\w*)\n(.*?)^```", read(path), re.MULTILINE | re.DOTALL)
    return [body for language, body in found if language in languages]


def slug(heading: str) -> str:
    """Write the anchor that GitHub gives a heading."""
    bare = re.sub(r"[^\w\- ]", "", heading.replace("`", "").strip().lower())
    return bare.replace(" ", "-")


# ---------------------------------------------------------------- pages and keys


def page_titles() -> dict[str, str]:
    """Read the pages of the app: file by title, as the shell lists them."""
    tree = ast.parse(read(ROOT / "workbench" / "ui" / "shell.py"))
    calls = [
        node for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "_page"
    ]  # fmt: skip
    return {call.args[1].value: call.args[0].value for call in calls}


def test_every_page_is_in_the_navigation() -> None:
    files = {path.stem for path in (ROOT / "workbench" / "ui" / "pages").glob("*.py")}
    assert set(page_titles().values()) == files - {"__init__"}


@pytest.mark.parametrize("title", page_titles())
def test_every_page_is_documented(title: str) -> None:
    start = read(DOCS / "getting-started.md")
    assert f"**{title}**" in start, f"getting-started.md does not introduce the page {title}"
    guides = [*sorted((DOCS / "guide").glob("*.md")), DOCS / "keyboard.md"]
    headings = [
        line for path in guides for line in re.findall(r"^#+ (.*)$", read(path), re.MULTILINE)
    ]
    told = [line for line in headings if title.casefold() in line.casefold()]
    assert told, f"no heading in docs/guide names the page {title}"


def test_every_key_is_documented() -> None:
    script = read(ROOT / "workbench/ui/components/coding_pane/keys.js")
    listed = re.search(r"KEY_MAP = \[\n(.*?)\n\];", script, re.DOTALL)
    assert listed
    keys = dict(re.findall(r'\["([^"]+)", "([^"]+)"\]', listed[1]))
    assert len(keys) > 10
    rows = names_in_first_table(section(read(DOCS / "keyboard.md"), "In the coding pane"))
    assert {key: cells[0] for key, cells in rows.items()} == keys


# ---------------------------------------------------------------- command line and settings


def commands() -> dict[str, Any]:
    """Find every command by its words, `workbench study list`, and the root as `workbench`."""
    import typer

    from workbench.cli import app

    found = {}

    def walk(command: Any, words: str) -> None:
        for name, child in getattr(command, "commands", {}).items():
            walk(child, f"{words} {name}")
        if not getattr(command, "commands", {}) or words == "workbench":
            found[words] = command

    walk(typer.main.get_command(app), "workbench")
    return found


def parameters(command: Any) -> set[str]:
    """List what a person can write: `FILE`, `--study`, `-s`."""
    found: set[str] = set()
    for item in command.params:
        if item.param_type_name == "argument":
            found.add(item.name.upper())
        else:
            found |= {*item.opts, *item.secondary_opts}
    return found


@pytest.mark.parametrize("words", [words for words in commands() if words != "workbench"])
def test_every_command_and_option_is_documented(words: str) -> None:
    told = names_in_first_table(section(read(DOCS / "command-line.md"), f"`{words}`"))
    assert set(told) == parameters(commands()[words])
    assert all(cells[0] for cells in told.values())


def test_no_command_is_documented_that_is_not_there() -> None:
    told = re.findall(r"^### `(workbench [^`]+)`$", read(DOCS / "command-line.md"), re.MULTILINE)
    assert sorted(told) == sorted(set(commands()) - {"workbench"})


def test_global_options_are_documented() -> None:
    told = names_in_first_table(
        section(read(DOCS / "command-line.md"), "Options before the command")
    )
    assert set(told) == parameters(commands()["workbench"]) | {"--help", "-h"}


def test_every_setting_is_documented() -> None:
    from workbench.settings import Settings

    told = names_in_first_table(section(read(DOCS / "command-line.md"), "Settings"))
    prefix = Settings.model_config["env_prefix"]
    assert set(told) == {f"{prefix}{name}".upper() for name in Settings.model_fields}


def test_reports_are_documented_as_the_commands_give_them() -> None:
    from workbench.services.coding.exchange import COLUMNS, CodingsReport
    from workbench.services.counting.summarise import ThemeRow, ThemeTable
    from workbench.services.surveys.ingest import IngestReport

    text = read(DOCS / "command-line.md")
    ingest = section(text, "`workbench ingest survey`")
    assert set(IngestReport("x").as_dict()) <= set(NAMED.findall(ingest))
    codings = section(text, "`workbench code import`")
    assert all(name in codings for name in CodingsReport().as_dict())
    told = {name for row in list(tables(codings))[1] for name in NAMED.findall(row)}
    assert told == set(COLUMNS)
    cell = ThemeRow(1, "Theme", {}, 0, 0, None, None, None, 0, 0)
    table = ThemeTable("x", (), "any", "theme", (cell,)).as_dict()
    results = section(text, "`workbench summarise`")
    assert all(name in results for name in {*table, *table["rows"][0]})


def documented_calls() -> list[tuple[str, str]]:
    """Find every line that begins with `workbench` in the documentation's shell blocks."""
    return [
        (path.name, line)
        for path in PAGES
        for block in code_blocks(path, "bash", "powershell")
        for line in block.splitlines()
        if re.match(r"(\S*[/\\])?workbench ", line)
    ]


@pytest.mark.parametrize(("page", "line"), documented_calls())
def test_every_command_in_the_documentation_exists(page: str, line: str) -> None:
    words = shlex.split(line.replace("\\", "/"), comments=True)[1:]
    known = commands()
    name, rest = "workbench", words
    while rest and any(other.startswith(f"{name} {rest[0]}") for other in known):
        name, rest = f"{name} {rest[0]}", rest[1:]
    assert name in known, f"{page}: {line}"
    options = {word.split("=")[0] for word in rest if word.startswith("-")}
    assert options <= parameters(known[name]), f"{page}: {line}"


def test_getting_started_can_be_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands are run one after another, on a database of their own."""
    import shutil

    from typer.testing import CliRunner

    from workbench.cli import app

    for folder in ("data_samples", "codebooks"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WORKBENCH_DATABASE_URL", f"sqlite:///{tmp_path / 'study.sqlite3'}")
    text = section(read(DOCS / "getting-started.md"), "The same from the command line")
    lines = [line for line in text.splitlines() if line.startswith("workbench ")]
    assert len(lines) > 5
    for line in lines:
        done = CliRunner().invoke(app, shlex.split(line)[1:], catch_exceptions=False)
        assert done.exit_code == 0, f"{line}: {done.output}"
    assert (tmp_path / "extracts.xlsx").stat().st_size > 5_000


# ---------------------------------------------------------------- file formats and tables


def test_every_codebook_field_is_documented() -> None:
    from pipelines.ingest.codebooks.codebook import CodebookModel, CodeModel, SourceModel

    text = read(DOCS / "codebook-format.md")
    models: dict[str, Any] = {
        "The file": CodebookModel, "A code": CodeModel, "A source": SourceModel,
    }  # fmt: skip
    for heading, model in models.items():
        told = names_in_first_table(section(text, heading))
        assert list(told) == list(model.model_fields), heading
        required = [name for name, field in model.model_fields.items() if field.is_required()]
        assert [name for name, cells in told.items() if cells[0] == "yes"] == required


def test_every_mapping_field_is_documented() -> None:
    from pipelines.ingest.surveys import mapping_model as models

    text = read(DOCS / "mapping-format.md")
    parts: dict[str, Any] = {
        "The mapping": models.Mapping,
        "An attribute": models.AttributeMapping,
        "A question": models.QuestionMapping,
        "A voice note": models.VoiceNoteMapping,
        "May be quoted": models.QuotedMapping,
    }
    for heading, model in parts.items():
        told = names_in_first_table(section(text, heading))
        assert list(told) == list(model.model_fields), heading


def test_the_examples_of_file_formats_are_valid() -> None:
    from pipelines.ingest.codebooks.codebook import load_codebook
    from pipelines.ingest.surveys.mapping import load_mapping

    (book,) = code_blocks(DOCS / "codebook-format.md", "yaml")
    (mapping,) = code_blocks(DOCS / "mapping-format.md", "yaml")
    assert sum(1 for _ in load_codebook(book, "the example").walk()) == 3
    assert len(load_mapping(mapping, "the example").questions) == 2


def test_every_table_and_column_is_documented() -> None:
    from workbench.store.tables import metadata

    text = read(DOCS / "data-dictionary.md")
    told = re.findall(r"^### `(\w+)`$", text, re.MULTILINE)
    assert sorted(told) == sorted(metadata.tables)
    for name, table in metadata.tables.items():
        rows = names_in_first_table(section(text, f"`{name}`"))
        assert list(rows) == [column.name for column in table.columns], name
        empty = [column.name for column in table.columns if column.nullable]
        assert [column for column, cells in rows.items() if cells[1] == "yes"] == empty, name
        assert all(cells[2] for cells in rows.values()), name
        for column in table.columns:
            for key in column.foreign_keys:
                assert rows[column.name][0] == f"→ `{key.column.table.name}`", column


def test_the_picture_of_the_data_model_names_tables() -> None:
    from workbench.store.tables import metadata

    (picture,) = code_blocks(DOCS / "architecture.md", "mermaid")
    pairs = re.findall(r"^\s+(\w+) \S+ (\w+) : ", picture, re.MULTILINE)
    assert len(pairs) == len(picture.strip().splitlines()) - 1
    linked = {
        frozenset((table.name, key.column.table.name))
        for table in metadata.tables.values()
        for key in table.foreign_keys
    }
    assert [pair for pair in pairs if frozenset(pair) not in linked] == []


# ---------------------------------------------------------------- links, decisions, the rest


def test_every_relative_link_leads_somewhere() -> None:
    broken = []
    for path in PAGES:
        text = re.sub(r"^```.*?^```", "", read(path), flags=re.MULTILINE | re.DOTALL)
        for target in re.findall(r"\]\(([^)\s]+)\)", text):
            if re.match(r"[a-z]+:", target):
                continue
            name, _, anchor = target.partition("#")
            there = (path.parent / name).resolve() if name else path
            if not there.exists():
                broken.append(f"{path.relative_to(ROOT)}: {target}")
            elif anchor and anchor not in map(
                slug, re.findall(r"^#+ (.*)$", read(there), re.MULTILINE)
            ):
                broken.append(f"{path.relative_to(ROOT)}: {target} (no such heading)")
    assert broken == []


def test_every_page_of_the_documentation_is_linked() -> None:
    linked = {
        (path.parent / target.partition("#")[0]).resolve()
        for path in PAGES
        for target in re.findall(r"\]\(([^)\s]+)\)", read(path))
    }
    assert [path for path in DOCS.rglob("*.md") if path.resolve() not in linked] == []


def test_every_make_target_in_the_documentation_exists_and_is_told() -> None:
    declared = re.search(r"^\.PHONY: (.*)$", read(ROOT / "Makefile"), re.MULTILINE)
    assert declared
    told = {
        target
        for name in ("README.md", "CONTRIBUTING.md")
        for block in code_blocks(ROOT / name, "bash")
        for target in re.findall(r"^make (\w+)", block, re.MULTILINE)
    }
    assert told == set(declared[1].split())
    for target in told:
        assert re.search(rf"^{target}:", read(ROOT / "Makefile"), re.MULTILINE), target


def test_readme_pins_what_the_makefile_installs() -> None:
    (told,) = re.findall(r"torch==([\d.]+)", read(ROOT / "README.md"))
    assert f'"torch=={told}"' in read(ROOT / "Makefile")
    assert f"torch=={told}\n" in read(ROOT / "constraints.txt")


def test_changelog_begins_with_this_version() -> None:
    first = re.search(r"^## (\S+)", read(ROOT / "CHANGELOG.md"), re.MULTILINE)
    assert first
    assert first[1] == workbench.__version__


def test_decisions_are_numbered_short_and_complete() -> None:
    pages = sorted((DOCS / "decisions").glob("0*.md"))
    assert [int(path.name[:4]) for path in pages] == list(range(1, len(pages) + 1))
    index = read(DOCS / "decisions" / "README.md")
    for path in pages:
        text = read(path)
        assert text.startswith(f"# {path.name[:4]}: "), path.name
        assert len(text.splitlines()) <= 40, path.name
        assert re.findall(r"^## (.*)$", text, re.MULTILINE) == [
            "Context", "Choice", "Consequences",
        ], path.name  # fmt: skip
        assert f"({path.name})" in index, path.name


def test_every_library_is_accounted_for() -> None:
    project = tomllib.loads(read(ROOT / "pyproject.toml"))["project"]
    wanted = list(project["dependencies"])
    for extra in project["optional-dependencies"].values():
        wanted += extra
    names = {re.split(r"[\[>=<~ ]", item)[0] for item in wanted} - {project["name"]}
    told = set(re.findall(r"[\w-]+", read(DOCS / "decisions" / "0002-libraries.md")))
    assert sorted(names - told) == []


def test_nothing_names_a_place_on_the_makers_machine() -> None:
    wrong = "/".join(["", "work", ""])
    found = []
    files = [path for folder in LAYOUT for path in (ROOT / folder).rglob("*")]
    for path in [*files, *ROOT.glob("*.*"), ROOT / "Makefile"]:
        # in a worktree, `.git` is a file that says where the repository lies
        if path.is_file() and path.name != ".git" and "__pycache__" not in path.parts:
            content = path.read_bytes()
            if wrong.encode() in content:
                found.append(str(path.relative_to(ROOT)))
    assert found == []
