"""The methods appendix: what a study's trail tells, in sentences, and nothing of what is hidden."""

import io
import re

import pytest
from docx import Document
from sqlalchemy import insert, select, update

from workbench.domain.trail import EventFilter
from workbench.errors import ExportError, InputError
from workbench.services.codebooks import codebook, versions
from workbench.services.trail import audit, methods, trail_files, undo
from workbench.store import tables


def written(bench, actor=None):
    """Give the appendix as Markdown without its escapes."""
    content = methods.methods_file(
        actor or bench.actor, bench.database, bench.study_id, format="md"
    )
    return content.decode("utf-8").replace("\\", "")


def sections(bench, actor=None):
    found = methods.methods_appendix(actor or bench.actor, bench.database, bench.study_id)
    return {section.title: section for section in found.sections}


@pytest.fixture
def coded(bench):
    """Give a study that two people have coded, on days of 2022."""
    ben, document = bench.person("Ben"), bench.document("R1")
    bench.code(document, "Phone", "She")
    bench.code(document, "School", "to me", actor=ben)
    bench.code(bench.document("R2"), "Phone", "rang", actor=ben)
    for who in (bench.actor, ben):
        bench.done(document, who)
    bench.done(bench.document("R3"), ben)
    with bench.database.write() as connection:
        for key, day in ((1, "2022-02-14"), (2, "2022-02-16"), (3, "2022-03-01")):
            lowest = connection.execute(select(tables.coding.c.id).order_by("id")).scalar()
            connection.execute(
                update(tables.coding)
                .where(tables.coding.c.id == lowest + key - 1)
                .values(created_at=f"{day}T09:30:00.000Z")
            )
    return bench


def test_the_material_and_who_coded_it(coded):
    found = sections(coded)
    assert found["Material"].paragraphs == (
        "The study Test holds the words of 4 respondents, asked 2 questions: 7 documents "
        "(7 written answers).",
    )
    assert found["Coding"].paragraphs == (
        "2 people coded: Asha and Ben. They made 3 codings between 14 Feb 2022 and 1 Mar 2022.",
    )
    assert found["Coding"].table.rows == (
        ("Asha", "1", "1 of 7", "1", "on 14 Feb 2022"),
        ("Ben", "3", "2 of 7", "2", "between 16 Feb 2022 and 1 Mar 2022"),
    )
    assert found["Double coding"].paragraphs == (
        "1 of 7 documents (14 %) was read to the end by two or more coders, 1 of 7 (14 %) by one.",
    )


def test_an_empty_study_has_an_appendix_without_what_it_has_not(empty):
    found = sections(empty)
    assert list(found) == ["Material", "Coding", "The codebook", "About this appendix"]
    assert found["Coding"].paragraphs == ("Nobody has coded yet.",)
    assert "0 respondents, asked 0 questions: 0 documents." in found["Material"].paragraphs[0]
    assert written(empty).startswith("# Test: methods appendix\n")


def test_agreement_is_told_by_pair_and_for_all(coded):
    found = sections(coded)["Agreement"]
    assert found.table.header[:3] == ("Coders", "Documents", "Percent agreement")
    assert [row[:2] for row in found.table.rows] == [("Asha and Ben", "1")]
    assert "Codings are taken as they stood when each coder first marked the document done." in (
        found.paragraphs
    )
    cy = coded.person("Cy")
    coded.code(coded.document("R1"), "Phone", "She", actor=cy)
    coded.done(coded.document("R1"), cy)
    rows = sections(coded)["Agreement"].table.rows
    assert sorted(row[0] for row in rows[:3]) == ["Asha and Ben", "Asha and Cy", "Ben and Cy"]
    assert sorted(rows[3][0].replace(" and ", ", ").split(", ")) == ["Asha", "Ben", "Cy"]
    assert all(len(row) == len(found.table.header) for row in rows)


def test_agreement_is_told_by_the_version_in_force(coded):
    assert "Agreement by version of the codebook" not in sections(coded)
    study = (coded.actor, coded.database, coded.study_id)
    codebook.add_code(*study, parent_id=None, name="Fees")
    versions.name_version(*study, "After the pilot")
    ben, later = coded.person("Ben"), coded.document("R4")
    coded.code(later, "Fees", None)
    coded.code(later, "Fees", None, actor=ben)
    coded.done(later)
    coded.done(later, ben)
    found = sections(coded)["Agreement by version of the codebook"]
    assert found.paragraphs[0].startswith("Agreement of Asha and Ben over all codes")
    first, second = found.table.rows
    assert first[:2] == ("before the first version with a name", "1")
    assert second[0].endswith(", After the pilot")
    assert second[1:3] == ("1", "1.00")


def test_how_documents_were_given_out(coded):
    ben, document = coded.person("Ben"), coded.document("R1")
    with coded.database.write() as connection:
        for key, who, blind in ((document, coded.actor, True), (document, ben, True),
                                (coded.document("R4"), ben, False)):  # fmt: skip
            connection.execute(insert(tables.assignment).values(
                document_id=key, coder_id=who.id, blind=blind, created_at="2022"))  # fmt: skip
    how = sections(coded)["Double coding"].paragraphs[1]
    assert how == (
        "2 documents were given out to coders, 1 of them to two or more. 1 was coded blind: nobody "
        "saw what others had coded until all who had the document had marked it as done."
    )


def test_how_differences_were_settled(coded):
    document, school = coded.document("R1"), coded.codes()["School"].id
    assert "Settling differences" not in sections(coded)
    with coded.database.write() as connection:
        revision = connection.execute(select(tables.document.c.current_revision_id).where(
            tables.document.c.id == document)).scalar()  # fmt: skip
        for choice, day in (("agreed", 1), ("taken", 2), ("taken", 3), ("neither", 4)):
            connection.execute(insert(tables.adjudication).values(
                document_id=document, code_id=school, revision_id=revision, choice=choice,
                taken_from=[], codings=[], decided_by=coded.actor.id,
                decided_at=f"2022-04-0{day}T00:00:00.000Z",
                deleted_at="2022-05-01" if day == 4 else None))  # fmt: skip
        connection.execute(
            update(tables.document)
            .where(tables.document.c.id == document)
            .values(adjudicated_at="2022-04-04", adjudicated_by=coded.actor.id)
        )
    assert sections(coded)["Settling differences"].paragraphs == (
        "The codings of 1 document were adjudicated by Asha between 1 Apr 2022 and 3 Apr 2022. "
        "Of 3 decisions, 1 was confirmed where the coders agreed and 2 took over what coders had "
        "coded.",
    )


def test_the_codebook_its_versions_and_what_is_in_force(coded):
    place = (coded.actor, coded.database, coded.study_id)
    name_version(coded, "First draft", "agreed on by all")
    codebook.edit_code(*place, coded.codes()["Phone"].id,
                       {"definition": "On the line.", "include": "texts", "exclude": "visits",
                        "examples": ["She listened to me"]})  # fmt: skip
    codebook.add_code(*place, parent_id=None, name="Hope")
    codebook.retire_code(*place, coded.codes()["Schooling"].id)
    name_version(coded, "Final", "")
    found = sections(coded)["The codebook"]
    assert (
        found.paragraphs[0] == "The codebook went through 4 versions; it ends with 5 codes in use."
    )
    assert found.paragraphs[1] == (
        "The trail holds 4 changes to it (made a code: 1; changed a code: 1; loaded a codebook: 1; "
        "retired a code: 1)."
    )
    assert [row[0] for row in found.table.rows] == ["First draft", "Final"]
    assert [row[2:] for row in found.table.rows] == [
        ("Asha", "5", "5 added", "agreed on by all"), ("Asha", "5", "1 added, 1 removed, 1 changed",
                                                       ""),
    ]  # fmt: skip
    rows = sections(coded)["Definitions in force at the end"].table.rows
    assert ("Access / Phone", "On the line.", "texts", "visits") in rows
    assert "Schooling" not in [row[0] for row in rows]
    assert "listened" not in written(coded)


def name_version(bench, name, note):
    with bench.database.write() as connection:
        last = connection.execute(select(tables.codebook_version.c.id).order_by(
            tables.codebook_version.c.id.desc())).scalar()  # fmt: skip
        connection.execute(update(tables.codebook_version)
                           .where(tables.codebook_version.c.id == last)
                           .values(name=name, note=note))  # fmt: skip


def test_codings_under_an_older_definition_are_told(coded):
    phone = coded.codes()["Phone"].id
    with coded.database.write() as connection:
        version = connection.execute(insert(tables.codebook_version).values(
            study_id=coded.study_id, number=99, snapshot=[], created_by=coded.actor.id,
            created_at="2022")).inserted_primary_key[0]  # fmt: skip
        connection.execute(update(tables.code).where(tables.code.c.id == phone)
                           .values(defined_in=version))  # fmt: skip
    (said,) = sections(coded)["Looking again after definitions changed"].paragraphs
    assert said == (
        "The definition of 1 code changed after it was made. 2 codings have not been looked at "
        "again since."
    )
    with coded.database.write() as connection:
        connection.execute(update(tables.coding).values(codebook_version_id=version))
    (said,) = sections(coded)["Looking again after definitions changed"].paragraphs
    assert said.endswith(
        "All codings with it were made or looked at again under the last definition."
    )


def test_what_was_taken_out_and_taken_back(coded):
    place = (coded.actor, coded.database, coded.study_id)
    assert "Exports" not in sections(coded)
    for _ in range(2):
        trail_files.trail_file(*place, EventFilter(), format="csv")
    written(coded)
    undo.undo(*place)
    (said,) = sections(coded)["Exports"].paragraphs
    assert re.fullmatch(r"Taken out of the workbench: this appendix 1 time \(last on .*\) and the "
                        r"trail 2 times \(last on \d+ \w+ 20\d\d\)\.", said)  # fmt: skip
    about = sections(coded)["About this appendix"].paragraphs
    assert about[1] == "1 step was taken back and stays in the trail as such."
    found = audit.verify(*place)
    what = f"The trail held {found.checked} events then, the last with the hash {found.head}:"
    assert about[2].startswith(what)


def test_machine_transcription_is_told(coded):
    with coded.database.write() as connection:
        for number, state in enumerate(("checked", "draft", "draft")):
            key = coded.documents()[number].id
            connection.execute(update(tables.document).where(tables.document.c.id == key)
                               .values(kind="voice_note", transcript=state))  # fmt: skip
    found = sections(coded)
    assert found["Machine transcription"].paragraphs == (
        "People checked 1 of 3 transcripts (33 %) by ear. 2 transcripts remain as the machine left "
        "them.",
    )
    assert "(4 written answers and 3 transcribed voice notes)" in found["Material"].paragraphs[0]


def test_what_is_coded_blind_is_not_counted_and_the_appendix_says_so(coded):
    ben, document = coded.person("Ben"), coded.document("R4")
    with coded.database.write() as connection:
        connection.execute(insert(tables.assignment).values(
            document_id=document, coder_id=ben.id, blind=True, created_at="2022"))  # fmt: skip
    before = methods.methods_appendix(coded.actor, coded.database, coded.study_id).sections
    coded.code(document, "School", "kind", actor=ben)
    undo.undo(ben, coded.database, coded.study_id)
    undo.redo(ben, coded.database, coded.study_id)
    after = sections(coded)
    same = [section for section in before if section.title != "Coding"]
    assert [after[section.title] for section in same] == same
    assert [row[3] for row in after["Coding"].table.rows] == ["1", "2"]
    assert [row[3] for row in sections(coded, ben)["Coding"].table.rows] == ["1", "3"]
    about = after["About this appendix"].paragraphs
    assert about[-1] == (
        "1 document was still being coded blind. What others than the writer of this appendix "
        "coded there is not counted here."
    )
    assert "hash" not in " ".join(about)


def test_word_and_markdown_say_the_same_and_run_nothing(coded):
    codebook.add_code(coded.actor, coded.database, coded.study_id, parent_id=None,
                      name="<b>|*x*| [a](b)", definition="one\ntwo | three \x0b")  # fmt: skip
    place = (coded.actor, coded.database, coded.study_id)
    document = Document(io.BytesIO(methods.methods_file(*place, format="docx")))
    heads = [item.text for item in document.paragraphs if item.style.name == "Heading 2"]
    assert heads == [
        "Material", "Coding", "Double coding", "Agreement", "The codebook",
        "Definitions in force at the end", "About this appendix",
    ]  # fmt: skip
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert "<b>|*x*| [a](b)" in cells
    text = methods.methods_file(*place, format="md").decode("utf-8")
    assert "\\<b\\>\\|\\*x\\*\\| \\[a\\](b) | one two \\| three" in text
    assert [line[3:] for line in text.splitlines() if line.startswith("## ")] == [
        *heads[:-1], "Exports", heads[-1],
    ]  # fmt: skip


def test_an_appendix_is_written_to_a_file_or_refused(coded, tmp_path):
    place = (coded.actor, coded.database, coded.study_id)
    assert methods.export_methods(*place, tmp_path / "methods.md") == 7
    assert (tmp_path / "methods.md").read_text("utf-8").startswith("# Test: methods appendix")
    with pytest.raises(InputError, match=r"'pdf' is no format .* Formats: docx, md"):
        methods.export_methods(*place, tmp_path / "methods.pdf")
    with pytest.raises(ExportError, match="cannot be written"):
        methods.export_methods(*place, tmp_path / "no" / "methods.md")
