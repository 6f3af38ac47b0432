"""Recordings of a project are read before anybody must wait, and none stays that is not used."""

from __future__ import annotations

import threading
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from tests.builders import Bench
from tests.services.projects.test_refi_import import bring, guid, opened, project, wave
from workbench.domain.refi import RefiCase, RefiSource
from workbench.errors import NotAllowed
from workbench.services import study
from workbench.services.opening import Database, open_database
from workbench.services.projects import refi_import, refi_import_media
from workbench.services.surveys import imports
from workbench.services.team import team
from workbench.settings import Settings
from workbench.store.tables import recording, respondent
from workbench.store.voice_notes.media import MediaStore, media_store


def sounds(*names: str) -> Any:
    """Give a project with a recording for each of these people."""
    sources = [RefiSource(guid(name), "audio", f"{name}.wav", path=f"{name}.wav") for name in names]
    cases = [RefiCase(guid(f"case {name}"), name, sources=(guid(name),)) for name in names]
    media = {f"{name}.wav": wave(1 + at / 10) for at, name in enumerate(names)}
    return opened(project(*sources, cases=tuple(cases)), "sounds.qdpx", **media)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep recordings in a folder of their own."""
    monkeypatch.setenv("WORKBENCH_MEDIA_URL", str(tmp_path / "media"))
    return tmp_path / "media"


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_others_save_while_recordings_are_read(
    sqlite: Database, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asha = study.sign_in(sqlite, "Asha")
    elsewhere = open_database(sqlite.url)
    read = refi_import_media._copied
    saved: list[str] = []

    def reading(*what: Any) -> str:
        saved.append(study.sign_in(elsewhere, f"Zoe {len(saved)}").name)
        return read(*what)

    monkeypatch.setattr("workbench.store.engine.BUSY_TIMEOUT_MS", 50)
    elsewhere.close()
    elsewhere = open_database(sqlite.url)
    monkeypatch.setattr(refi_import_media, "_copied", reading)
    report = refi_import.import_project(asha, sqlite, "New", sounds("P1", "P2"), new_study=True)
    elsewhere.close()
    assert saved == ["Zoe 0", "Zoe 1"]
    assert (len(report.recordings.new), len(files_in(folder))) == (2, 2)


def test_what_is_there_is_not_read_again(
    empty: Bench, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(empty, sounds("P1", "P2"))
    read = refi_import_media._copied
    paths: list[str] = []

    def reading(held: Any, path: str, copy: Any) -> str:
        paths.append(path)
        return read(held, path, copy)

    monkeypatch.setattr(refi_import_media, "_copied", reading)
    assert bring(empty, sounds("P1", "P2")).unchanged
    assert paths == []
    assert bring(empty, sounds("P1", "P2", "P3")).recordings.new == ["P3.wav"]
    assert len(paths) == 1


def test_nothing_stays_of_an_import_that_fails(
    empty: Bench, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(empty, sounds("P1"))
    team.add_member(empty.actor, empty.database, empty.study_id, "Vi", "viewer")
    with pytest.raises(NotAllowed, match="Vi is a viewer"):
        bring(empty, sounds("P1", "P2"), empty.person("Vi"))
    assert len(files_in(folder)) == 1

    def broken(*what: Any) -> None:
        assert len(files_in(folder)) == 2
        raise RuntimeError("the disk is gone")

    monkeypatch.setattr(refi_import, "bring_memos", broken)
    with pytest.raises(RuntimeError, match="the disk is gone"):
        bring(empty, sounds("P1", "P2"))
    assert len(files_in(folder)) == 1


def test_a_copy_that_another_import_took_away_is_made_again(
    empty: Bench, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing_elsewhere(*what: Any) -> None:
        (copy,) = files_in(folder)
        copy.unlink()

    monkeypatch.setattr(refi_import, "bring_attributes", failing_elsewhere)
    bring(empty, sounds("P1"))
    assert len(files_in(folder)) == 1


@pytest.mark.parametrize("how", ["an import that failed", "an import that is taken back"])
def test_a_copy_that_another_import_is_about_to_use_stays(
    empty: Bench, folder: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    database, took = empty.database, list[threading.Thread]()
    brought = refi_import.bring_memos

    def take_away() -> None:
        (copy,) = files_in(folder)
        uri = copy.relative_to(folder).as_posix()
        if how == "an import that failed":
            store = media_store(database)
            refi_import_media.drop_unused(
                database,
                refi_import_media.Media(BytesIO(), "", store, Settings(), {}, stored=[uri]),
            )
        else:
            imports._drop_files(database, [uri])

    def at_the_same_time(*what: Any) -> None:
        brought(*what)
        took.append(threading.Thread(target=take_away))
        took[0].start()
        took[0].join(1)  # it has to wait until this import has ended

    monkeypatch.setattr(refi_import, "bring_memos", at_the_same_time)
    bring(empty, sounds("P1"))
    took[0].join(30)
    assert not took[0].is_alive()
    assert len(files_in(folder)) == 1


def test_recordings_of_who_has_withdrawn_are_never_copied(
    empty: Bench, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(empty, project(cases=(RefiCase(guid("case P1"), "P1"),)))
    with empty.database.write() as connection:
        connection.execute(
            update(respondent).where(respondent.c.ref == "P1").values(withdrawn_at="2026-01-01")
        )
    copied: list[str] = []
    put = MediaStore.put

    def putting(store: MediaStore, source: Any, sha256: str, ending: str) -> str:
        copied.append(sha256)
        return put(store, source, sha256, ending)

    monkeypatch.setattr(MediaStore, "put", putting)
    report = bring(empty, sounds("P1", "P2"))
    assert report.recordings.new == ["P2.wav"]
    assert (len(copied), len(files_in(folder))) == (1, 1)
    with empty.database.read() as connection:
        assert connection.execute(select(recording.c.sha256)).scalar_one() == copied[0]
