"""Sample: the bundled synthetic study, loaded as a person would load their own.

In: the files under `data_samples/speakout`. Out: a study with a survey, the broad ethnic groups
beside the specific ones, a codebook, codings by two synthetic coders and 35 voice notes.
"""

from __future__ import annotations

from workbench.domain.codings import Actor
from workbench.services import (
    attribute_traits,
    codebook,
    exchange,
    files,
    grouping_offers,
    groupings,
    ingest,
    models,
    study,
)
from workbench.services import recording_matches as recordings
from workbench.services.recordings import ingest_recordings
from workbench.settings import SAMPLE_STUDY, bundled
from workbench.store.engine import Database

BROAD = "broad_ethnic_group"


def load_sample(actor: Actor, database: Database) -> tuple[bool, str]:
    """Load the sample study; tell whether anything was new, and its name."""
    studies = {item.name: item.id for item in study.list_studies(actor, database)}
    if SAMPLE_STUDY in studies and codebook.list_codes(actor, database, studies[SAMPLE_STUDY]):
        models.mark_sample(actor, database, studies[SAMPLE_STUDY])
        return _bring_voice_notes(actor, database, studies[SAMPLE_STUDY]), SAMPLE_STUDY
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
    rows = files.table_rows(files.read_table(folder / "codings.csv", "codings.csv"))
    exchange.import_codings(actor, database, found.id, rows, source="codings.csv")
    _bring_voice_notes(actor, database, found.id)
    return True, SAMPLE_STUDY


def _bring_voice_notes(actor: Actor, database: Database, study_id: int) -> bool:
    """Bring in the synthetic recordings, unless there are some; tell whether any was new."""
    if any(recordings.count_recordings(actor, database, study_id).values()):
        return False
    folder = bundled("data_samples") / "speakout" / "voice_notes"
    made = sorted(path for path in folder.iterdir() if path.suffix != ".csv")
    return ingest_recordings(actor, database, study_id, made).new > 0


def _derive_broad_groups(actor: Actor, database: Database, study_id: int) -> None:
    known = attribute_traits.list_attributes(actor, database, study_id)
    ids = {item.item.name: item.item.id for item in known}
    rule = grouping_offers.propose_merge(actor, database, study_id, ids["ethnic_group"])
    if rule is not None and BROAD not in ids:
        groupings.make(actor, database, study_id, ids["ethnic_group"], rule, name=BROAD)
