"""The place of recordings: a folder or an object store, the same to us."""

import io
import os
import threading
import uuid

import pytest

from workbench.errors import NotFound, StoreError
from workbench.settings import Settings
from workbench.store.voice_notes import media
from workbench.store.voice_notes.media import MediaStore

DIGEST = "ab" * 32


@pytest.fixture(params=["folder", "s3"])
def store(request, tmp_path, monkeypatch):
    """Give an empty place of each kind."""
    if request.param == "folder":
        return MediaStore(str(tmp_path / "media é #1 100%"))
    return request.getfixturevalue("object_store")


@pytest.fixture
def object_store(monkeypatch):
    """Run an object store on this machine, and give a place in it."""
    import boto3
    import s3fs
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    bucket = f"voices-{uuid.uuid4().hex[:12]}"
    endpoint = f"http://{host}:{port}"
    for name, value in {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "eu-west-2",
        "AWS_ENDPOINT_URL": endpoint,
    }.items():
        monkeypatch.setenv(name, value)
    boto3.client("s3", endpoint_url=endpoint).create_bucket(
        Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-2"}
    )
    s3fs.S3FileSystem.clear_instance_cache()
    yield MediaStore(f"s3://{bucket}/study one")
    s3fs.S3FileSystem.clear_instance_cache()
    server.stop()


def test_what_is_put_in_comes_out_again(store):
    data = os.urandom(3 * media.PART + 17)
    uri = store.put(io.BytesIO(data), DIGEST, "opus")
    assert uri == f"ab/{DIGEST}.opus"
    assert store.exists(uri) and store.size(uri) == len(data)
    with store.open(uri) as file:
        assert file.read() == data
    with store.open(uri) as file:  # from any offset, as a browser asks
        file.seek(media.PART + 5)
        assert file.read(10) == data[media.PART + 5 : media.PART + 15]


def test_workers_open_it_by_its_full_address(store):
    import fsspec

    uri = store.put(io.BytesIO(b"sound"), DIGEST, "")
    with fsspec.open(store.full(uri), "rb", **store.storage).open() as file:
        assert file.read() == b"sound"


def test_the_same_content_is_put_once(store):
    first = store.put(io.BytesIO(b"sound"), DIGEST, "wav")
    unread = io.BytesIO(b"sound")
    assert store.put(unread, DIGEST, "wav") == first
    assert unread.tell() == 0


def test_taking_away_is_final_and_twice_is_no_fault(store):
    uri = store.put(io.BytesIO(b"sound"), DIGEST, "wav")
    store.delete(uri)
    store.delete(uri)
    assert not store.exists(uri)
    for ask in (store.open, store.size):
        with pytest.raises(NotFound, match="not in the media folder"):
            ask(uri)


class Breaking(io.RawIOBase):
    """A file that breaks off after some bytes."""

    def __init__(self):
        self.left = 2

    def read(self, size=-1):
        self.left -= 1
        if not self.left:
            raise OSError("the cable was pulled")
        return b"x" * 100


def test_an_interrupted_copy_leaves_no_half_recording(tmp_path):
    store = MediaStore(str(tmp_path / "media"))
    with pytest.raises(StoreError, match="the recording could not be kept: the cable was pulled"):
        store.put(Breaking(), DIGEST, "wav")
    assert not store.exists(f"ab/{DIGEST}.wav")
    assert [path for path in (tmp_path / "media").rglob("*") if path.is_file()] == []


def test_many_who_put_the_same_at_once_leave_one(tmp_path):
    store = MediaStore(str(tmp_path / "media"))
    data = os.urandom(200_000)
    done = []

    def put():
        done.append(store.put(io.BytesIO(data), DIGEST, "wav"))

    threads = [threading.Thread(target=put) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == 8
    files = [path for path in (tmp_path / "media").rglob("*") if path.is_file()]
    assert [path.read_bytes() for path in files] == [data]


def test_it_lies_beside_the_database_unless_said_otherwise(sqlite, tmp_path, monkeypatch):
    monkeypatch.delenv("WORKBENCH_MEDIA_URL", raising=False)
    assert media.media_store(sqlite).url == str(sqlite.path.absolute().with_name("media"))
    monkeypatch.setenv("WORKBENCH_MEDIA_URL", "s3://bucket/here")
    assert media.media_store(sqlite, Settings()).url == "s3://bucket/here"
    monkeypatch.setenv("WORKBENCH_MEDIA_URL", str(tmp_path / "x"))
    assert media.media_store(sqlite).full("ab/c") == f"{tmp_path}/x/ab/c"


def test_an_object_store_that_cannot_be_reached_is_told_in_words(object_store, monkeypatch):
    import s3fs

    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    s3fs.S3FileSystem.clear_instance_cache()
    for ask in (
        lambda: object_store.put(io.BytesIO(b"x"), DIGEST, "wav"),
        lambda: object_store.exists("ab/c.wav"),
        lambda: object_store.size("ab/c.wav"),
    ):
        with pytest.raises(StoreError, match=r"cannot be used: Could not connect.*MEDIA_URL"):
            ask()
