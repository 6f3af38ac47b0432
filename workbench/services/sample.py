"""Sample: the bundled synthetic study, loaded as a person would load their own.

In: the files under `data_samples/speakout`. Out: a study with a survey, the broad ethnic groups
beside the specific ones, a codebook, codings by two synthetic coders, 35 voice notes and two focus
groups, which both coders have read.
"""

from __future__ import annotations

from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from workbench.domain.codings import Actor
from workbench.services import files, study
from workbench.services.codebooks import codebook
from workbench.services.coding import code, exchange
from workbench.services.discussions import focus_groups, participants, transcript_batch
from workbench.services.discussions.transcript_batch import Options
from workbench.services.surveys import attribute_traits, grouping_offers, groupings, ingest
from workbench.services.voice_notes import models
from workbench.services.voice_notes import recording_matches as recordings
from workbench.services.voice_notes.recordings import ingest_recordings
from workbench.settings import SAMPLE_STUDY, bundled
from workbench.store.engine import Database

BROAD = "broad_ethnic_group"
GROUPS = {"Parents": "parents.docx", "Young people": "young_people.vtt"}
"""Focus groups by the names that codings.csv gives them."""
SERIES = "Summer 2022"
HELD_ON = {"Parents": "2022-06-14", "Young people": "2022-06-22"}
CODERS = ("Coder A", "Coder B")


def load_sample(actor: Actor, database: Database) -> tuple[bool, str]:
    """Load the sample study; tell whether anything was new, and its name."""
    known = {item.name: item.id for item in study.list_studies(actor, database)}
    if SAMPLE_STUDY in known and codebook.list_codes(actor, database, known[SAMPLE_STUDY]):
        models.mark_sample(actor, database, known[SAMPLE_STUDY])
        notes = _bring_voice_notes(actor, database, known[SAMPLE_STUDY])
        groups = _bring_focus_groups(actor, database, known[SAMPLE_STUDY])
        return notes or groups, SAMPLE_STUDY
    # What was loaded before an interruption is found again by the steps themselves.
    folder = bundled("data_samples") / "speakout"
    mapping = (folder / "mapping.yaml").read_text(encoding="utf-8")
    table = files.read_table(folder / "survey.csv", "survey.csv")
    survey = files.read_survey(table, files.read_mapping(mapping, "mapping.yaml"))
    ingest.ingest_survey(actor, database, SAMPLE_STUDY, survey, mapping=mapping)
    found = study.find_study(actor, database, SAMPLE_STUDY)
    models.mark_sample(actor, database, found.id)
    _derive_broad_groups(actor, database, found.id)
    path = bundled("codebooks") / "speakout.yaml"
    book = files.read_codebook(path.read_text(encoding="utf-8"), path.name)
    codebook.load_codebook(actor, database, found.id, book)
    _bring_codings(actor, database, found.id, folder / "codings.csv")
    _bring_voice_notes(actor, database, found.id)
    _bring_focus_groups(actor, database, found.id)
    return True, SAMPLE_STUDY


def _bring_voice_notes(actor: Actor, database: Database, study_id: int) -> bool:
    """Bring in the synthetic recordings, unless there are some; tell whether any was new."""
    if any(recordings.count_recordings(actor, database, study_id).values()):
        return False
    folder = bundled("data_samples") / "speakout" / "voice_notes"
    made = sorted(path for path in folder.iterdir() if path.suffix != ".csv")
    return ingest_recordings(actor, database, study_id, made).new > 0


def _bring_focus_groups(actor: Actor, database: Database, study_id: int) -> bool:
    """Bring in the synthetic discussions with their codings; tell whether any was new."""
    folder = bundled("data_samples") / "speakout" / "focus_groups"
    there = {item.name for item in focus_groups.list_focus_groups(actor, database, study_id)}
    if there.issuperset(GROUPS):
        return False
    brought = [
        _bring_group(actor, database, study_id, folder / file, name)
        for name, file in GROUPS.items()
    ]
    _bring_codings(actor, database, study_id, folder / "codings.csv")
    for coder in CODERS:
        done = [
            {"id": str(uuid5(NAMESPACE_URL, f"{study_id} {document_id} {coder}")),
             "kind": "done", "document": document_id}
            for document_id in brought
        ]  # fmt: skip
        code.apply_operations(study.sign_in(database, coder), database, study_id, done)
    return True


def _bring_group(actor: Actor, database: Database, study_id: int, path: Path, name: str) -> int:
    """Bring in one discussion, with what is known of those who take part; give its document."""
    told = path.with_name(f"{path.stem}_participants.csv")
    people = participants.read_people(files.read_table(told, told.name))
    options = Options(name=name, series=SERIES, held_on=HELD_ON[name])
    batch = transcript_batch.ingest_transcripts(
        actor, database, study_id, [path], options, people=people
    )
    return batch.groups[0].report.document_id


def _bring_codings(actor: Actor, database: Database, study_id: int, path: Path) -> None:
    rows = files.table_rows(files.read_table(path, path.name))
    exchange.import_codings(actor, database, study_id, rows, source=path.name)


def _derive_broad_groups(actor: Actor, database: Database, study_id: int) -> None:
    known = attribute_traits.list_attributes(actor, database, study_id)
    ids = {item.item.name: item.item.id for item in known}
    rule = grouping_offers.propose_merge(actor, database, study_id, ids["ethnic_group"])
    if rule is not None and BROAD not in ids:
        groupings.make(actor, database, study_id, ids["ethnic_group"], rule, name=BROAD)
