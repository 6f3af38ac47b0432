"""Models as services give them: where the sample model may be used, and what is offered first."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import delete, select, update

from tests.builders import Bench
from workbench.errors import ModelError
from workbench.services import study
from workbench.services.sample import load_sample
from workbench.services.voice_notes import models, transcribe
from workbench.services.voice_notes.recording_matches import list_recordings
from workbench.settings import SAMPLE_STUDY
from workbench.store import studies
from workbench.store.tables import operation, recording
from workbench.store.tables import study as study_table


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WORKBENCH_MODEL_FOLDER", str(tmp_path / "models"))
    return tmp_path / "models"


def test_models_are_listed_with_their_places(folder: Path) -> None:
    folder.mkdir()
    (folder / "small.pt").write_bytes(b"x")
    listed = {item.model.name: item for item in models.list_models()}
    assert listed["small"].here and not listed["base"].here
    assert listed["base"].place == folder / "base.pt"


def test_the_best_model_that_is_here_is_offered_first(bench: Bench, folder: Path) -> None:
    place = (bench.actor, bench.database, bench.study_id)
    assert models.proposed(*place) == "small", "the one to fetch first"
    folder.mkdir()
    for name, best in [("tiny.en", "tiny.en"), ("base", "base"), ("large-v3-turbo", "turbo")]:
        (folder / f"{name}.pt").write_bytes(b"x")
        assert models.proposed(*place) == best


def test_only_a_study_that_is_marked_may_use_the_sample_model(bench: Bench) -> None:
    place = (bench.actor, bench.database, bench.study_id)
    assert not models.sample_allowed(*place)
    models.mark_sample(*place)
    models.mark_sample(*place)
    assert models.sample_allowed(*place)
    assert models.proposed(*place) == models.SAMPLE_MODEL
    with bench.database.read() as connection:
        verbs = connection.execute(select(operation.c.verb)).scalars().all()
    assert verbs.count("mark as a sample") == 1


def test_the_sample_model_is_refused_where_it_is_not_allowed() -> None:
    with pytest.raises(ModelError, match="is for the sample study"):
        models.find(models.SAMPLE_MODEL)
    assert models.find(models.SAMPLE_MODEL, sample_allowed=True).kind == "sample"


def test_the_sample_study_has_its_voice_notes_and_is_marked(bench: Bench) -> None:
    new, name = load_sample(bench.actor, bench.database)
    assert (new, name) == (True, SAMPLE_STUDY)
    found = study.find_study(bench.actor, bench.database, SAMPLE_STUDY)
    place = (bench.actor, bench.database, found.id)
    listed = list_recordings(*place)
    assert len(listed) == 35
    assert {item.matching for item in listed} == {"matched"}
    assert {item.question for item in listed} == {"q2"}
    with bench.database.read() as connection:
        assert studies.get_settings(connection, found.id)[models.IS_SAMPLE] is True
    assert load_sample(bench.actor, bench.database) == (False, SAMPLE_STUDY)


def test_an_older_sample_study_gains_voice_notes_and_is_known_by_its_name(bench: Bench) -> None:
    load_sample(bench.actor, bench.database)
    found = study.find_study(bench.actor, bench.database, SAMPLE_STUDY)
    with bench.database.write() as connection:  # as it was before there were recordings
        connection.execute(delete(recording))
        connection.execute(update(study_table).where(study_table.c.id == found.id)
                           .values(settings={}))  # fmt: skip
    place = (bench.actor, bench.database, found.id)
    assert models.sample_allowed(*place)
    assert load_sample(bench.actor, bench.database) == (True, SAMPLE_STUDY)
    assert len(list_recordings(*place)) == 35


def test_the_doctor_says_which_models_are_here(folder: Path) -> None:
    assert models.said_of_folder() == (
        f"none in {folder}; fetch one for your own recordings: workbench models download small"
    )
    folder.mkdir()
    for name in ("base", "small"):
        (folder / f"{name}.pt").write_bytes(b"x")
    assert models.said_of_folder() == f"base, small, in {folder}"


def test_the_doctor_says_when_the_sample_model_is_missing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert models.said_of_sample() == (True, "there, for sample studies only")
    monkeypatch.setattr(models, "bundled", lambda name: tmp_path / name)
    assert models.said_of_sample() == (False, "missing: install the workbench again")


def test_a_model_of_the_other_form_is_refused_when_it_is_asked_for(
    bench: Bench, folder: Path
) -> None:
    place = (bench.actor, bench.database, bench.study_id)
    models.mark_sample(*place)
    with pytest.raises(ModelError, match="is a file of openai-whisper, which faster-whisper"):
        transcribe.request(*place, model=models.SAMPLE_MODEL, engine="faster-whisper")
