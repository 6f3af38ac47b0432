"""Files of folders, archives and uploads."""

import io
import zipfile

from pipelines.ingest.recordings import FoundFile, Refused, Upload, find_files, manifest_columns

LIMIT = 1_000


def found(*sources, limit=LIMIT):
    taken, refused = {}, {}
    for item in find_files(sources, max_bytes=limit):
        if isinstance(item, Refused):
            refused[item.filename] = item.message
        else:
            assert isinstance(item, FoundFile)
            with item.open() as file:
                taken[item.name] = file.read()
            assert len(taken[item.name]) == item.size
    return taken, refused


def zipped(members):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return made.getvalue()


def test_a_folder_is_searched_with_all_below_it(tmp_path):
    for name in ("b.mp3", "sub/a.OPUS", "sub/deep/c d #1 é.wav"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())
    taken, refused = found(tmp_path)
    assert taken == {
        name: name.encode() for name in ("b.mp3", "sub/a.OPUS", "sub/deep/c d #1 é.wav")
    }
    assert refused == {}


def test_what_systems_leave_behind_is_passed_over_in_silence(tmp_path):
    for name in (".DS_Store", "Thumbs.db", "desktop.ini", "._a.mp3", ".hidden/a.mp3", "a.mp3"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x")
    assert found(tmp_path) == ({"a.mp3": b"x"}, {})


def test_other_files_are_refused_by_name(tmp_path):
    (tmp_path / "notes.docx").write_bytes(b"x")
    (tmp_path / "no ending").write_bytes(b"x")
    taken, refused = found(tmp_path)
    assert list(taken) == ["no ending"]  # its content tells
    assert refused == {"notes.docx": "files that end in .docx are not taken for recordings."}


def test_large_files_and_missing_ones_say_so(tmp_path):
    (tmp_path / "big.wav").write_bytes(bytes(2_000_000))
    taken, refused = found(tmp_path / "big.wav", tmp_path / "gone.wav", limit=1_000_000)
    assert taken == {}
    assert refused["big.wav"] == (
        "the file has 2 MB, more than the 1 MB that are allowed. Cut it into parts, or raise the "
        "limit WORKBENCH_MAX_RECORDING_MB."
    )
    assert refused[str(tmp_path / "gone.wav")] == (
        "there is no such file or folder. Check the path."
    )


def test_an_archive_is_opened_and_its_tricks_are_not_followed(tmp_path):
    inner = zipped({"a.mp3": b"x"})
    path = tmp_path / "notes.zip"
    path.write_bytes(
        zipped({
            "voice/a.mp3": b"aaa",
            "../../evil.mp3": b"evil",
            "__MACOSX/._a.mp3": b"x",
            "inner.zip": inner,
            "bomb.wav": bytes(20 << 20),
            "silence.wav": bytes(900_000),
            "read me.txt": b"x",
        })
    )  # fmt: skip
    taken, refused = found(path, limit=50_000_000)
    assert taken.pop("notes.zip/silence.wav") == bytes(900_000)
    assert taken == {"notes.zip/../../evil.mp3": b"evil", "notes.zip/voice/a.mp3": b"aaa"}
    assert refused == {
        "notes.zip/inner.zip": "an archive within an archive is not opened. Unpack it first.",
        "notes.zip/bomb.wav": "it would unpack to far more than a recording has.",
        "notes.zip/read me.txt": "files that end in .txt are not taken for recordings.",
    }
    assert [item.name for item in tmp_path.iterdir()] == ["notes.zip"]  # nothing was unpacked


def test_a_damaged_or_locked_archive_says_so(tmp_path):
    (tmp_path / "a.zip").write_bytes(b"PK\x03\x04 no archive")
    locked = bytearray(zipped({"a.mp3": b"x"}))
    at = locked.index(b"PK\x01\x02")
    locked[at + 8] |= 1
    (tmp_path / "b.zip").write_bytes(bytes(locked))
    taken, refused = found(tmp_path)
    assert taken == {}
    assert refused["a.zip"].startswith("the archive cannot be read:")
    assert refused["b.zip/a.mp3"].startswith("it is protected by a password.")


def test_uploads_are_read_from_their_beginning():
    file = io.BytesIO(b"sound")
    file.read()
    taken, refused = found(Upload("a.mp3", file), Upload(".DS_Store", io.BytesIO(b"x")))
    assert (taken, refused) == ({"a.mp3": b"sound"}, {})
    assert found(Upload("drop/.DS_Store", io.BytesIO(b"x")), Upload("a/._b.mp3", io.BytesIO())) == (
        {}, {}
    )  # fmt: skip
    packed = Upload("all.zip", io.BytesIO(zipped({"b.ogg": b"bb"})))
    assert found(packed) == ({"all.zip/b.ogg": b"bb"}, {})


def test_the_columns_of_a_manifest_are_found_by_many_names():
    assert manifest_columns(["File name", "participant_id", "Question"]) == {
        "filename": 0, "respondent": 1, "question": 2
    }  # fmt: skip
    assert manifest_columns(["x", "FILENAME"]) == {"filename": 1}
