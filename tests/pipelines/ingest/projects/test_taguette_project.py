"""Projects of Taguette: one that Taguette 1.5.2 itself wrote, and damaged ones."""

from __future__ import annotations

import io
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from pipelines.ingest.html_words import HtmlWords
from pipelines.ingest.projects.project_files import format_of, read_project
from workbench.errors import RefiError, SeveralProjects

WRITTEN = Path(__file__).parents[1] / "fixtures/taguette_1.5.2.sql"


def project(tmp_path: Path, *changes: str) -> io.BytesIO:
    """Give the file that Taguette wrote, after some changes."""
    path = tmp_path / "project.sqlite3"
    path.unlink(missing_ok=True)
    connection = sqlite3.connect(path)
    connection.executescript(WRITTEN.read_text(encoding="utf-8"))
    for change in changes:
        connection.execute(change)
    connection.commit()
    connection.close()
    return io.BytesIO(path.read_bytes())


def words(found: Any) -> list[str]:
    return [
        source.text[one.start : one.end]
        for source in found.project.sources
        for one in source.selections
    ]


def test_a_project_is_read_as_taguette_shows_it(tmp_path: Path) -> None:
    stream = project(tmp_path)
    assert format_of(stream, "x.bin").name == "taguette"
    found = read_project(stream, "x.bin")
    first, second = found.project.sources
    assert first.text == (
        "Round one\n\nShe listened to me 😀 & wrote it down.\n\nمیں نے تین بار فون کیا.\n\n"
        "Nobody rang.\nThen they did."
    )
    assert second.text == "Plain <b> notes."
    assert words(found) == [
        "listened to me 😀 & wrote it", "تین بار فون", "Nobody rang.\nThen they did."
    ]  # fmt: skip
    assert [code.name for code in found.project.codes] == ["interesting", "access", "v. kind"]
    assert [child.name for child in found.project.codes[1].children] == ["phone"]
    coding = first.selections[1].codings[0]
    assert coding.code == found.project.codes[1].children[0].guid
    assert coding.user == found.project.users[0].guid and coding.made_at.startswith("20")
    assert found.left_out == ()
    assert read_project(project(tmp_path), "again").project == found.project


def test_words_that_are_not_where_they_should_be_are_kept_apart(tmp_path: Path) -> None:
    found = read_project(
        project(tmp_path, "UPDATE highlights SET start_offset = start_offset + 3 WHERE id = 1"), "x"
    )
    lost = found.project.sources[0].selections[0]
    assert (lost.start, lost.end, lost.raw) == (None, None, ("17", "44"))
    assert lost.name == "listened to me 😀 & wrote it" and lost.codings
    assert found.left_out == (
        "Highlights whose words are not where they should be (1): Interview 1.",
    )


def test_copies_of_a_project_that_two_people_code_are_not_confused(tmp_path: Path) -> None:
    mine = read_project(project(tmp_path), "mine").project
    their = read_project(
        project(
            tmp_path,
            "UPDATE tags SET path = 'other', description = 'a' || char(0) WHERE path = 'v. kind'",
            "UPDATE documents SET name = 'Interview 9' WHERE name = 'Interview 1'",
            "UPDATE highlights SET end_offset = end_offset - 1 WHERE id = 3",
        ),
        "their",
    ).project
    same = {code.guid for code in mine.codes} & {code.guid for code in their.codes}
    assert {code.name for code in mine.codes if code.guid in same} == {"interesting", "access"}
    assert next(one for one in their.codes if one.name == "other").description == "a"
    assert mine.sources[1].guid == their.sources[1].guid
    kept = {one.guid for source in mine.sources for one in source.selections}
    moved = {one.guid for source in their.sources for one in source.selections}
    assert not kept & moved


def test_one_of_several_projects_is_read(tmp_path: Path) -> None:
    twins = [
        f"INSERT INTO projects SELECT {key}, name, '', created FROM projects WHERE id != 8 LIMIT 1"
        for key in (7, 8)
    ]
    alone = read_project(project(tmp_path), "t.db").project
    with pytest.raises(SeveralProjects) as refused:
        read_project(project(tmp_path, *twins), "t.db")
    assert refused.value.names == ("Benchmark", "Benchmark (2)", "Benchmark (3)")
    assert read_project(project(tmp_path, *twins), "t.db", project="Benchmark").project == alone
    empty = read_project(project(tmp_path, *twins), "t.db", project="Benchmark (2)").project
    assert (empty.name, empty.codes, empty.sources) == ("Benchmark", (), ())


def test_several_projects_none_and_damage_are_refused(tmp_path: Path) -> None:
    another = "INSERT INTO projects SELECT 7, 'Other', '', created FROM projects"
    with pytest.raises(RefiError, match=r"t\.db: it holds 2 projects: 'Benchmark', 'Other'"):
        read_project(project(tmp_path, another), "t.db")
    with pytest.raises(RefiError, match="there is no project 'Third' in it; it holds 2 projects"):
        read_project(project(tmp_path, another), "t.db", project="Third")
    with pytest.raises(RefiError, match="it holds no project"):
        read_project(project(tmp_path, "DELETE FROM projects"), "t.db")
    half = project(tmp_path).getvalue()
    with pytest.raises(RefiError, match=r"t\.db"):
        read_project(io.BytesIO(half[: len(half) // 2]), "t.db")


def test_views_and_triggers_of_a_file_are_never_used(tmp_path: Path) -> None:
    endless = (
        "CREATE VIEW tags AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) "
        "SELECT x AS id, 1 AS project_id, 'p' || x AS path, '' AS description FROM n"
    )
    stream = project(tmp_path, "DROP TABLE tags", endless)
    assert format_of(stream, "x.db").name != "taguette"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>a</p><p>b</p>", "a\n\nb"),
        ("a<br>b<br><br>c", "a\nb\n\nc"),
        ("<table><tr><td>1</td><td>2</td></tr><tr><td>3</td></tr></table>", "1\t2\n3"),
        ("<pre>x\n  y</pre>", "x\ny"),
        ("<script>no</script>  <b>y</b>es\x00 ", "yes"),
        ("&lt;i&gt; &#128512;", "<i> 😀"),
        ("<p>a</p><![foo bar[x]]> z<![ >b", "a\n\nzb"),
    ],
)
def test_html_is_read_as_people_see_it(html: str, text: str) -> None:
    assert HtmlWords(html).text == text
