"""How notes are dealt out, and taken back from lost workers."""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.transcribe.cluster_batches import MAX_LOSSES, Batch, Dealer
from pipelines.transcribe.transcriber import Note


def notes(n: int) -> list[Note]:
    return [Note(str(key), f"{key}.opus", "", f"{key}.opus") for key in range(n)]


def keys(batch: Batch | None) -> list[str]:
    assert batch is not None
    return [note.key for note in batch.notes]


def test_batches_are_full_while_there_is_plenty() -> None:
    dealer = Dealer(notes(100), 4)
    assert keys(dealer.next_batch(2)) == ["0", "1", "2", "3"]
    assert keys(dealer.next_batch(2)) == ["4", "5", "6", "7"]


def test_the_end_is_shared_by_all_workers() -> None:
    dealer = Dealer(notes(6), 4)
    assert [keys(dealer.next_batch(3)) for _ in range(4)] == [["0", "1"], ["2", "3"], ["4"], ["5"]]
    assert dealer.next_batch(3) is None
    assert not dealer.has_more()


def test_no_more_is_taken_from_the_source_than_is_dealt_soon() -> None:
    taken: list[str] = []

    def source() -> Iterator[Note]:
        for note in notes(100):
            taken.append(note.key)
            yield note

    dealer = Dealer(source(), 4)
    assert taken == []
    dealer.next_batch(2)
    assert len(taken) == 8
    assert len(dealer.left()) == 4, "what was taken and not dealt is told"
    assert dealer.next_batch(2) is None
    assert len(taken) == 8


def test_a_lost_batch_goes_on_note_by_note() -> None:
    dealer = Dealer(notes(2), 2)
    batch = dealer.next_batch(1)
    assert batch is not None
    assert dealer.lost(batch) == []
    assert dealer.has_more()
    assert [keys(dealer.next_batch(1)) for _ in range(2)] == [["0"], ["1"]]


def test_a_note_is_given_up_after_its_third_worker() -> None:
    dealer = Dealer(notes(1), 1)
    for _ in range(MAX_LOSSES - 1):
        batch = dealer.next_batch(1)
        assert batch is not None
        assert dealer.lost(batch) == []
    batch = dealer.next_batch(1)
    assert batch is not None
    assert [note.key for note in dealer.lost(batch)] == ["0"]
    assert dealer.next_batch(1) is None


def test_a_batch_that_was_not_begun_comes_back_whole_and_first() -> None:
    dealer = Dealer(notes(8), 2)
    first = dealer.next_batch(1)
    assert first is not None
    dealer.give_back(first)
    assert dealer.next_batch(1, ahead=True) is None, "not behind another one"
    assert dealer.next_batch(1) == Batch(first.notes, alone=True)
    assert keys(dealer.next_batch(1)) == ["2", "3"]


def test_a_size_below_one_is_one() -> None:
    assert keys(Dealer(notes(2), 0).next_batch(1)) == ["0"]
