"""Blind coding: who sees whose codings, on every way out of the database."""

import inspect
import pkgutil
import re
from importlib import import_module

import pytest
from sqlalchemy import delete, insert, select

from pipelines.ingest.discussions.speech import SpeechFile, Turn
from tests.builders import SURVEY, new_id
from workbench import services
from workbench.domain.codings import DocumentFilter
from workbench.domain.memos import MemoFilter
from workbench.domain.trail import EventFilter
from workbench.errors import ConflictError, WorkbenchError
from workbench.services.codebooks import codebook, codebook_files, rereview_counts
from workbench.services.coding import exchange, extract_files, extracts, reading, star
from workbench.services.coding.saved_filters import Settings
from workbench.services.counting import progress
from workbench.services.counting.summarise import summarise
from workbench.services.discussions.speaker_table import SpeakerRow
from workbench.services.memos import memos
from workbench.services.projects import refi_export
from workbench.services.surveys import attribute_traits, imports
from workbench.services.surveys.respondents import RespondentFilter
from workbench.services.team.allocate import Wanted
from workbench.services.visit import Visit
from workbench.store import tables
from workbench.store.tables import assignment


@pytest.fixture
def blind(bench):
    """Give two people one document to code blindly; a third looks on."""
    document = bench.document("R1")
    ben, cy = bench.person("Ben"), bench.person("Cy")
    bench.code(document, "School", "She listened")
    bench.code(document, "School", "left", actor=ben)
    bench.code(document, "Phone", "to me", actor=ben)
    bench.code(bench.document("R2"), "Phone", "rang", actor=ben)
    with bench.database.write() as connection:
        for actor in (bench.actor, ben):
            connection.execute(
                insert(assignment).values(
                    document_id=document, coder_id=actor.id, blind=True, created_at="2022-01-01"
                )
            )
    return bench, document, ben, cy


def seen(bench, document, actor):
    """Count the codings that a person sees, on every way out: all must agree."""
    arguments = (actor, bench.database, bench.study_id)
    everywhere = DocumentFilter()
    coded = (document, bench.document("R2"))
    ways = {
        "export": len(exchange.export_codings(*arguments)),
        "usage": sum(codebook.usage(*arguments).values()),
        "extracts": extracts.find_extracts(*arguments, extracts.make_filter(*arguments))[1],
        "file": extract_files.extracts_file(
            *arguments, extracts.make_filter(*arguments), format="csv"
        ).decode("utf-8-sig").strip().count("\n"),
        "mentions": sum(row.mentions for row in summarise(*arguments).rows),
        "open": sum(len(bench.open(key, actor).codings) for key in coded),
        "changes": sum(
            len(reading.changes(*arguments, everywhere, key, since=0, version=0).codings)
            for key in coded
        ),
    }  # fmt: skip
    assert len(set(ways.values())) == 1, ways
    return ways["export"]


def test_each_sees_their_own_until_all_are_done(blind):
    bench, document, ben, cy = blind
    assert [seen(bench, document, who) for who in (bench.actor, ben, cy)] == [2, 3, 1]
    bench.done(document)
    assert [seen(bench, document, who) for who in (bench.actor, ben, cy)] == [2, 3, 1]
    bench.done(document, ben)
    assert [seen(bench, document, who) for who in (bench.actor, ben, cy)] == [4, 4, 4]
    bench.done(document, done=False)
    assert [seen(bench, document, who) for who in (bench.actor, ben, cy)] == [2, 3, 1]


def test_what_is_shared_out_openly_hides_nothing_beside_what_is_blind(blind):
    bench, document, ben, cy = blind
    before = [seen(bench, document, who) for who in (bench.actor, ben, cy)]
    with bench.database.write() as connection:
        for actor in (bench.actor, ben):
            connection.execute(
                insert(assignment).values(
                    document_id=bench.document("R2"), coder_id=actor.id, blind=False,
                    created_at="2022-01-01",
                )
            )  # fmt: skip
    assert [seen(bench, document, who) for who in (bench.actor, ben, cy)] == before


def test_filters_and_layers_reveal_nothing(blind):
    bench, document, ben, _ = blind
    phone = bench.codes()["Phone"].id
    assert document not in {item.id for item in bench.documents(code_id=phone)}
    assert document in {item.id for item in bench.documents(ben, code_id=phone)}
    rows = summarise(bench.actor, bench.database, bench.study_id, layer="Ben", level="code").rows
    assert {row.theme: row.mentions for row in rows if row.mentions} == {
        "Access": 1, "Access / Phone": 1,
    }  # fmt: skip
    bench.ingest()
    people = progress.by_coder(bench.actor, bench.database, bench.study_id).people
    assert [item.n_codings for item in people] == [1, 1]


def test_an_identity_that_is_hidden_is_refused_and_not_a_crash(blind):
    bench, document, ben, _ = blind
    hidden = next(item.guid for item in bench.open(document, ben).codings
                  if item.coder_id == ben.id)  # fmt: skip
    outcome = bench.send({**bench.adding(document, "Waiting", "Then"), "coding": hidden})
    assert outcome.rejected[0].why == "this coding is there already."
    outcome = bench.send({"kind": "remove", "document": document, "coding": hidden})
    assert outcome.rejected[0].why == "this coding is not there any more."


CHANGES_SOMETHING = """
adjudicate.accept_agreed adjudicate.decide adjudicate.open_again adjudicate.undo_last
allocate.apply allocate.open_up allocate.unassign team.add_member team.remove_member team.set_open
team.set_role
attribute_traits.as_in_the_file attribute_traits.edit attributes.release attributes.set_values
code.apply_operations code.code_documents codebook.add_code codebook.edit_code
codebook.load_codebook codebook.move_code codebook.retire_code drafts.accept drafts.set_policy
exchange.import_codings
extract_files.export_extracts extracts.forget_counts groupings.change groupings.make
groupings.remove imports.undo_import ingest.ingest_survey memos.undo_memo memos.write_on_document
memo_files.export_memos memo_prompts.put_off memos.edit memos.take_away memos.write
history.undo_operation methods.export_methods methods.methods_file trail_files.export_trail
trail_files.trail_file
memos.write_on_respondent place_again.accept_guess place_again.let_go place_again.place
place_again.undo_last sample.load_sample saved_filters.delete_filter saved_filters.rename_filter
saved_filters.save_filter star.set_star study.create_study study.find_or_create_study study.sign_in
refine.merge_codes refine.promote_to_theme refine_copy.copy_from_study refine_split.sort_codings
refine_split.split_code undo.redo undo.undo visit.end visit.go_to visit.see visit.start
transcript_files.export_transcripts transcript_files.transcripts_file
check.confirm_translation check.correct check.mark check.review check.undo_correction
drafts.accept drafts.set_policy models.mark_sample recording_matches.set_aside
recording_matches.settle recording_matches.take_back recordings.ingest_recordings
transcribe.cancel transcribe.go_on transcribe.pause transcribe.request transcribe.retry
transcribing.work_queue voice_memos.add_voice_memo worker_process.ensure_worker
worker_process.start_worker
rereview.decide rereview_counts.counts_of rereview_counts.forget_counts rereview_counts.settling
settling_counts.forget_tallies settling_counts.tallies
rereview.keep_all rereview.undo_last restore.restore
versions.name_version
focus_groups.ingest_transcript focus_groups.settle_speakers
transcript_batch.ingest_transcripts
refi_import.import_project refi_import_media.drop_unused refi_import_media.read_ahead
refi_export.export_project
"""
"""What people do. Whatever is not listed here is taken for a way to read, and must say nothing."""
OF_NO_STUDY = """
audit.verify
columns.saved_mapping grouping_offers.propose_edges groupings.preview imports.load_changes
imports.why_not_undo opening.backup opening.storage opening.upgrade questions.as_of
saved_filters.find_filter live.answer live.live_url live.standing listen.audio_url
listen.hear listen.voice_url recording_matches.words_heard worker_process.log_file
"""
"""What reads files, values or the database as a whole, and no coding, or walks the chain; whether
an import can be taken back depends on everybody's work, and has a test of its own. `live` tells
that something was done in the study, also by who codes blind, and never what."""

READS_CODINGS = """
codebook.list_codes codebook.usage compare.compare_filters compare.compare_groups
exchange.count_left_out exchange.export_codings extract_files.extracts_file
memo_files.memos_file memo_list.list_authors memo_list.list_memos
extracts.count_extracts extracts.find_extracts extracts.list_extracts place_again.count_flagged
place_again.list_flagged place_again.open_flagged progress.by_coder progress.of_study
refine_preview.preview refine_split.split_queue
questions.count_answers questions.list_answers reading.changes reading.list_documents
reading.open_workspace respondents.open_respondent summarise.summarise
summarise_units.summarise_units rereview.count_unreviewed rereview.list_queue
restore.preview_restore
refi_export.project_file
"""
"""Where the one who coded must see a difference: else the test would show nothing."""


def ways_to_read():
    """Find every function of every service that reads: by its name, without a list to forget."""
    found = {}
    for item in pkgutil.walk_packages(services.__path__, "workbench.services."):
        module, short = import_module(item.name), item.name.rpartition(".")[2]
        for name, value in vars(module).items():
            own = inspect.isfunction(value) and value.__module__ == module.__name__
            if own and name[0] != "_" and "database" in inspect.signature(value).parameters:
                assert f"{short}.{name}" not in found, "two modules of one name"
                found[f"{short}.{name}"] = value
    left_out = {*CHANGES_SOMETHING.split(), *OF_NO_STUDY.split()}
    assert left_out <= set(found), left_out - set(found)
    return {name: value for name, value in found.items() if name not in left_out}


def given(name, parameter, things):
    """Give what one parameter of one function takes, in every sense that might tell something."""
    if parameter == "where" and name.startswith("respondents."):
        return [RespondentFilter()]
    if parameter == "where" and name.startswith("memo"):
        return things["memos"]
    if parameter == "where" and name.startswith(("extracts.", "extract_files.")):
        return things["extracts"]
    if parameter == "where" and name.startswith("audit."):
        kinds = ("Coding", "Codebook", "Undo and redo")  # these readers read and export too
        return [EventFilter(kind=kind, document_id=document)
                for kind in kinds for document in (None, things["document_id"])]  # fmt: skip
    if parameter == "where":
        return [DocumentFilter(question_id=things["question_id"], code_id=code)
                for code in (None, *things["codes"])]  # fmt: skip
    if parameter == "filters":
        both = DocumentFilter(), DocumentFilter(code_id=things["codes"][0])
        return [both]
    if parameter == "with_counts":
        return [False, True]
    if parameter == "name":
        return ["Test" if name.startswith("study.") else "group"]
    return things[parameter] if parameter in ("layer", "guid") else [things[parameter]]


def told(actor, bench, things):
    """Call every way to read, with every layer and filter, and write down what each tells."""
    extracts.forget_counts(bench.database)
    rereview_counts.forget_counts(bench.database)
    things = {**things, "actor": actor, "database": bench.database, "study_id": bench.study_id}
    heard = {}
    for name, function in ways_to_read().items():
        calls = [{}]
        for parameter in inspect.signature(function).parameters.values():
            optional = parameter.default is not inspect.Parameter.empty
            if parameter.kind is inspect.Parameter.VAR_KEYWORD:
                continue
            if optional and parameter.name not in ("layer", "where", "with_counts"):
                continue
            calls = [{**call, parameter.name: value} for call in calls
                     for value in given(name, parameter.name, things)]  # fmt: skip
        heard[name] = [_told(function, call) for call in calls]
    return heard


def _told(function, call):
    try:
        # When something was last done may be told; reading exports is written down, too.
        return re.sub(
            r"(as_of|changed_at)=('[^']*'|\d+)|(coded extracts|another program) \d+ times?",
            "", str(function(**call)),
        )  # fmt: skip
    except WorkbenchError as error:
        return f"refused: {error}"


def forget_bens_work(bench, document):
    """Make it as if Ben had never coded a document, nor written anything, nor made a code for it.

    The chain of events stays, or it would be broken.
    """
    ben = bench.person("Ben")
    table = tables.coding
    with bench.database.write() as connection:
        keys = list(connection.execute(
            select(table.c.id).where(table.c.document_id == document, table.c.coder_id == ben.id)
        ).scalars())  # fmt: skip
        assert keys
        for other in (tables.star, tables.anchor, tables.coding_respondent, tables.done_coding):
            connection.execute(delete(other).where(other.c.coding_id.in_(keys)))
        connection.execute(delete(table).where(table.c.id.in_(keys)))
        memo = tables.memo
        connection.execute(delete(memo).where(memo.c.author_id == ben.id))
        forget_codes(connection, document)
        done, target = tables.operation, tables.operation_target
        gone = list(connection.execute(
            select(done.c.id).where(done.c.document_id == document, done.c.actor_id == ben.id)
        ).scalars())  # fmt: skip
        connection.execute(delete(target).where(target.c.operation_id.in_(gone)))
        connection.execute(delete(done).where(done.c.id.in_(gone)))


def forget_codes(connection, document):
    """Take away the codes that were made blindly in a document, with the memos on them."""
    made = list(connection.execute(
        select(tables.code.c.id).where(tables.code.c.made_in == document)
    ).scalars())  # fmt: skip
    assert made
    memo, closure = tables.memo, tables.code_ancestor
    connection.execute(delete(memo).where(memo.c.target_kind == "code", memo.c.target_id.in_(made)))
    connection.execute(delete(closure).where(closure.c.code_id.in_(made)))
    connection.execute(delete(tables.code).where(tables.code.c.id.in_(made)))


def test_no_way_to_read_tells_what_somebody_codes_blindly(blind):
    """Whether Ben has coded or not, the owner hears no other word, wherever they ask."""
    bench, document, ben, _ = blind
    study = (ben, bench.database, bench.study_id)
    flagged = bench.code(document, "Waiting", "Then she left", actor=ben)
    mine = bench.code(document, "Schooling", None, actor=ben)
    bench.ingest(SURVEY.replace("Then she left", "Nobody came again"))
    star.set_star(*study, mine)
    memos.write_on_document(*study, document, "a thought of Ben's")
    bench.send({"kind": "memo", "document": document, "coding": mine, "text": "why"}, actor=ben)
    memos.write_on_respondent(*study, bench.open(document).document.respondent_id, "a thought")
    new_code = {"kind": "new_code", "name": "Hope", "code": new_id(), "document": document}
    applied = {"kind": "add", "document": document, "code": new_code["code"], "coding": new_id(),
               "start": None, "end": None}  # fmt: skip
    assert not bench.send(new_code, applied, actor=ben).rejected
    bench.done(document, ben)
    bench.code(bench.document("R3"), "Phone", None)
    codes = bench.codes()
    codebook.edit_code(bench.actor, bench.database, bench.study_id, codes["Schooling"].id,
                       {"definition": "lessons"})  # fmt: skip
    opened = bench.open(document).document
    hope = next(item.id for item in codebook.list_codes(*study) if item.name == "Hope")
    group = attribute_traits.find(*study, "group").id
    things = {
        "attribute_id": group,
        "by": "group",
        "codes": [codes["Waiting"].id, codes["Access"].id],
        "code_id": codes["Schooling"].id,
        "code_ids": [codes["Waiting"].id, codes["Schooling"].id],
        "operation": "move",
        "source_study_id": 4_321,
        "document_id": document,
        "document_ids": [document],
        "extracts": [
            extracts.make_filter(ben, bench.database, bench.study_id, **options)
            for options in (
                {}, {"layer": "Ben"}, {"flagged_only": True}, {"starred": "anybody"},
                {"layer": "consensus"}, {"code_ids": (codes["Schooling"].id,)},
                {"documents": DocumentFilter(code_id=codes["Schooling"].id)},
                {"of_nobody": True},
            )
        ],
        "file": codebook_files.read_codebook_file(b"code\nWaiting\n", "codes.csv"),
        "format": "csv",
        "from_number": 1,
        "group": "FG1",
        "guid": [flagged, mine],
        "given": ["group"],
        "layer": ["any", "Ben", "consensus"],
        "memos": [MemoFilter(), MemoFilter(search="thought"), MemoFilter(author_id=ben.id),
                  MemoFilter(code_id=codes["Schooling"].id)],
        "names": ("one", "two"),
        "number": 1,
        "page": "extracts",
        "parameters": {"coded": str(hope)},
        "question_id": opened.question_id,
        "refs": ["R1"],
        "rows": (SpeakerRow("P1", "P1", respondent="R1"),),
        "edits": {0: {"shown": "P2"}},
        "respondent_id": opened.respondent_id,
        "search": "R1",
        "settings": Settings(DocumentFilter(code_id=hope)),
        "since": 0,
        "speech": SpeechFile("fg.vtt", (Turn("P1", "Hm."),), "voices"),
        "source_id": group,
        "to_number": 3,
        "unit": "group",
        "values": ("Roma", "Irish"),
        "version": 0,
        "visit": Visit(),
        "wanted": Wanted(DocumentFilter(code_id=codes["Waiting"].id), way="everyone"),
        "words": ["Roma"],
    }  # fmt: skip
    refi_export.project_file(bench.actor, bench.database, bench.study_id)  # once is told of, too
    before = {who.name: told(who, bench, things) for who in (bench.actor, ben)}
    forget_bens_work(bench, document)
    after = {who.name: told(who, bench, things) for who in (bench.actor, ben)}
    asha, bens = (
        {name for name, heard in after[who].items() if heard != before[who][name]}
        for who in ("Asha", "Ben")
    )
    assert asha == set()
    assert set(READS_CODINGS.split()) <= bens


def test_an_import_in_anothers_name_does_not_tell_what_they_coded_blind(blind):
    bench, document, ben, _ = blind
    study = (bench.actor, bench.database, bench.study_id)

    def told(actor, coder, quote):
        row = {"respondent": "R1", "question": "q1", "quote": quote, "code": "School",
               "coder": coder}  # fmt: skip
        report = exchange.import_codings(actor, *study[1:], [(2, row)])
        return (
            report.codings_new,
            report.codings_unchanged,
            [item.message for item in report.bad_rows],
        )

    why = "this answer is coded blind for now: Ben can bring it in."
    there, not_there = told(bench.actor, "Ben", "left"), told(bench.actor, "Ben", "to me")
    assert there == not_there == (0, 0, [why])
    assert told(ben, "", "left") == (0, 1, [])
    assert told(bench.actor, "", "left") == (1, 0, [])
    for who in (bench.actor, ben):
        bench.done(document, who)
    assert told(bench.actor, "Ben", "left") == (0, 1, [])


def test_nobody_hears_of_blind_codings_from_an_import(blind):
    """An import that somebody has built on stays; how much was coded is nobody's business."""
    bench, document, ben, _ = blind
    changed = SURVEY.replace("Then she left", "Nobody came again")
    report = bench.ingest(changed)
    assert report.codings_reanchored + report.codings_flagged == 1
    study = (bench.actor, bench.database, bench.study_id)
    assert not [name for name in imports.list_imports(*study)[0].report if "coding" in name]
    assert imports.why_not_undo(*study) is None
    bench.code(document, "Phone", "Nobody came", actor=ben)
    why = imports.why_not_undo(*study)
    assert why == "the import of survey.csv stays: somebody has worked on what it brought."
    with pytest.raises(ConflictError, match=re.escape(why)):
        imports.undo_import(*study)
    for who in (bench.actor, ben):
        bench.done(document, who)
    assert "1 coding was made on texts that it changed" in imports.why_not_undo(*study)
