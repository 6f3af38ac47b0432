"""Operations of the coding pane: each kind, what is refused, and sending again."""

import pytest
from sqlalchemy import select, text, update

from tests.builders import SURVEY, new_id
from workbench.errors import CodingError, InputError, NotAllowed, NotFound
from workbench.services.codebooks import codebook
from workbench.services.coding import code
from workbench.store.tables import membership, operation


def spans(bench, document, actor=None):
    """Give the live codings of a document as (code, words)."""
    opened = bench.open(document, actor)
    names = {item.id: name for name, item in bench.codes().items()}
    return [
        (names[item.code_id], opened.document.text[item.start : item.end])
        for item in opened.codings
    ]


def refused(bench, *sent, actor=None):
    outcome = bench.send(*sent, actor=actor)
    assert len(outcome.rejected) == 1, outcome
    return outcome.rejected[0].why


def test_codes_are_applied_to_exactly_the_words(bench):
    for label, quote in [("R1", "listened to me."), ("R2", "back 😀 at"), ("R3", "تین بار")]:
        document = bench.document(label)
        bench.code(document, "Waiting", quote)
        assert spans(bench, document) == [("Waiting", quote)]
    document = bench.document("R1")
    unsent = bench.adding(document, "School", "listened") | {"quote": None}
    assert bench.send(unsent).acked == [
        unsent["id"]
    ]  # sent after a reload: the hash vouches for it
    assert ("School", "listened") in spans(bench, document)
    bench.code(bench.document("R4"), "School", None)
    (whole,) = bench.open(bench.document("R4")).codings
    assert (whole.start, whole.end) == (None, None)


def test_a_burst_of_twenty_arrives(bench):
    document = bench.document("R1")
    sent = [bench.adding(document, name, quote) for name in bench.codes()
            for quote in ("She", "listened", "to me", None)]  # fmt: skip
    outcome = bench.send(*sent)
    assert outcome.acked == [item["id"] for item in sent]
    assert len(sent) == 20
    assert len(bench.export()) == 20


def test_recode_adjust_memo_and_remove(bench):
    document = bench.document("R1")
    guid = bench.code(document, "Waiting", "She listened")
    target = {"document": document, "coding": guid}
    sha = bench.open(document).document.sha256
    outcome = bench.send(
        {"kind": "recode", **target, "code": bench.codes()["School"].guid},
        {"kind": "adjust", **target, "start": 4, "end": 12, "quote": "listened", "sha": sha},
        {"kind": "memo", **target, "text": " cf. R3\r\n "},
        {"kind": "document_memo", "document": document, "text": "read\x00 twice"},
    )
    assert not outcome.rejected
    assert spans(bench, document) == [("School", "listened")]
    opened = bench.open(document)
    assert (opened.codings[0].memo, opened.document.memo) == ("cf. R3", "read twice")
    assert bench.send({"kind": "remove", **target}).acked
    assert spans(bench, document) == []


def test_memos_are_taken_away_by_writing_nothing(bench):
    document = bench.document("R1")
    bench.send({"kind": "document_memo", "document": document, "text": "thought"})
    bench.send({"kind": "document_memo", "document": document, "text": "  "})
    assert bench.open(document).document.memo == ""
    bench.send({"kind": "undo"})
    assert bench.open(document).document.memo == "thought"


def test_done_and_not_done(bench):
    document = bench.document("R1")
    states = []
    for done in (True, True, False):
        bench.done(document, done=done)
        states.append(bench.open(document).document.state)
    assert states == ["done", "done", "in_progress"]
    bench.done(document)
    (listed,) = [item for item in bench.documents() if item.id == document]
    assert listed.state == "done"
    assert len(bench.documents(state="not_done")) == 6
    assert bench.open(document, bench.person("Ben")).document.state == "untouched"


def test_a_code_is_made_in_vivo_and_used_in_the_same_burst(bench):
    document = bench.document("R1")
    opened = bench.open(document).document
    guid = new_id()
    outcome = bench.send(
        {"kind": "new_code", "code": guid, "name": "She  left", "document": document,
         "parent": bench.codes()["Access"].guid},
        {"kind": "add", "document": document, "code": guid, "coding": new_id(), "start": 0,
         "end": 3, "quote": "She", "sha": opened.sha256},
    )  # fmt: skip
    assert not outcome.rejected
    assert bench.codes()["She left"].path == ("Access", "She left")
    assert spans(bench, document) == [("She left", "She")]


def test_sending_again_does_nothing_again(bench, everything):
    document = bench.document("R1")
    add = bench.adding(document, "Waiting", "She")
    target = {"document": document, "coding": add["coding"]}
    burst = [
        {"id": new_id(), **item}
        for item in (
            add,
            {"kind": "done", "document": document, "done": True},
            {"kind": "done", "document": document, "done": True},
            {"kind": "done", "document": document, "done": False},
            {"kind": "memo", **target, "text": "a"},
            {"kind": "memo", **target, "text": "a"},
            {"kind": "memo", **target, "text": "b"},
            {"kind": "new_code", "code": new_id(), "name": "New"},
            {"kind": "undo"},
            {"kind": "redo"},
            {"kind": "undo"},
        )
    ]
    first = bench.send(*burst)
    assert first.acked == [item["id"] for item in burst]
    before = everything(bench.database)
    again = bench.send(*burst)
    assert again.acked == first.acked
    assert everything(bench.database) == before
    assert bench.open(document).document.state == "in_progress"
    assert bench.open(document).codings[0].memo == "b"


def test_an_identity_belongs_to_whoever_used_it_first(bench):
    add = bench.adding(bench.document("R1"), "Waiting", "She")
    bench.send(add)
    assert "somebody else" in refused(bench, add, actor=bench.person("Ben"))


BAD_SPANS = [
    ({"start": -1}, "covers nothing"),
    ({"end": 0}, "covers nothing"),
    ({"end": 9_999}, "reaches outside the text of 34 characters"),
    ({"quote": "He"}, "expected 'He' at 0 to 3, found 'She'"),
    ({"quote": 7}, "no text 'quote'"),
    ({"start": None}, "no whole number 'start'"),
    ({"start": "0"}, "no whole number 'start'"),
    ({"start": True}, "no whole number 'start'"),
    ({"start": 10**30}, "too large"),
    ({"end": 2**31}, "too large"),
    ({"sha": "0" * 64}, "edited after you opened it"),
    ({"sha": None}, "edited after you opened it"),
    ({"document": 999_999}, "no document number 999999"),
    ({"document": 10**20}, "too large"),
    ({"document": None}, "no whole number 'document'"),
    ({"code": "no-such-code"}, "not in the codebook"),
    ({"code": None}, "no text 'code'"),
    ({"code": "\x00" * 36}, "no identity 'code'"),
    ({"coding": "x" * 37}, "no identity 'coding'"),
    ({"coding": "'; DROP TABLE coding"}, "no identity 'coding'"),
    ({"kind": "explode"}, "no operation 'explode'"),
    ({"id": "short"}, "no identity"),
    ({"id": "x" * 37}, "no identity"),
    ({"id": None}, "no identity"),
]


def test_what_does_not_fit_is_refused_and_the_rest_goes_in(bench):
    document = bench.document("R1")
    for change, why in BAD_SPANS:
        add = bench.adding(document, "Waiting", "She")
        good = bench.adding(document, "Phone", "me")
        undo = {"kind": "undo", "id": new_id()}
        outcome = bench.send({**add, **change}, good, undo)
        assert outcome.acked == [good["id"], undo["id"]], change
        assert why in outcome.rejected[0].why, change
    assert bench.export() == []


def test_exactly_the_same_coding_is_refused_but_an_overlap_is_not(bench):
    document = bench.document("R1")
    bench.code(document, "Waiting", "She listened")
    why = refused(bench, bench.adding(document, "Waiting", "She listened"))
    assert why == "you have coded exactly these words Waiting already."
    bench.code(document, "Waiting", "listened")
    other = bench.code(document, "Phone", "She listened")
    recode = {"kind": "recode", "document": document, "coding": other}
    assert "already" in refused(bench, {**recode, "code": bench.codes()["Waiting"].guid})
    assert "already" in refused(bench, {**recode, "code": bench.codes()["Phone"].guid})
    bench.code(document, "Waiting", "She listened", actor=bench.person("Ben"))
    assert len(bench.export()) == 4


def test_an_identity_that_is_taken_is_refused_in_words(bench):
    from tests.builders import Bench
    from workbench.services import study

    document = bench.document("R1")
    other = Bench(bench.database, bench.actor,
                  study.create_study(bench.actor, bench.database, "Other").id, "Other")  # fmt: skip
    other.ingest()
    other.load()
    elsewhere = other.code(other.document("R1"), "Waiting", "She")
    removed = bench.code(document, "Phone", "She")
    assert bench.send({"kind": "remove", "document": document, "coding": removed}).acked
    for guid in (elsewhere, removed):
        add = {**bench.adding(document, "Waiting", "She"), "coding": guid}
        assert refused(bench, add) == "this coding is there already."
    made = new_id()
    bench.send({"kind": "new_code", "code": made, "name": "Short-lived"}, {"kind": "undo"})
    new_code = {"kind": "new_code", "code": made, "name": "Again"}
    assert refused(bench, new_code) == "this code is there already."


def test_retired_codes_are_not_applied(bench):
    document = bench.document("R1")
    waiting = bench.codes()["Waiting"]
    codebook.retire_code(bench.actor, bench.database, bench.study_id, waiting.id)
    why = refused(bench, bench.adding(document, "Waiting", "She"))
    assert why == "the code Waiting is retired. Choose another."
    with pytest.raises(CodingError, match="is retired"):
        code.code_documents(bench.actor, bench.database, bench.study_id, [document], waiting.id)


def test_another_coders_codings_are_left_alone(bench):
    document = bench.document("R1")
    guid = bench.code(document, "Waiting", "She")
    ben = bench.person("Ben")
    target = {"document": document, "coding": guid}
    sha = bench.open(document).document.sha256
    for sent in (
        {"kind": "remove", **target},
        {"kind": "recode", **target, "code": bench.codes()["Phone"].guid},
        {"kind": "adjust", **target, "start": 0, "end": 5, "quote": "She l", "sha": sha},
        {"kind": "memo", **target, "text": "wrong"},
    ):
        why = refused(bench, sent, actor=ben)
        assert why == "this coding is another coder's. Code the words yourself."


def test_a_removed_coding_cannot_be_changed(bench):
    document = bench.document("R1")
    target = {"document": document, "coding": bench.code(document, "Waiting", "She")}
    bench.send({"kind": "remove", **target})
    assert refused(bench, {"kind": "remove", **target}) == "this coding is not there any more."


def test_a_document_of_another_study_is_not_found(bench):
    from workbench.services import study

    other = study.create_study(bench.actor, bench.database, "Other")
    outcome = code.apply_operations(
        bench.actor, bench.database, other.id, [bench.adding(bench.document("R1"), "Phone", "She")]
    )
    assert "no document" in outcome.rejected[0].why


def test_text_that_was_edited_meanwhile_is_not_coded_by_old_offsets(bench):
    document = bench.document("R1")
    add = bench.adding(document, "Waiting", "Then she left")
    bench.ingest(SURVEY.replace("She listened", "She never listened"))
    assert "edited after you opened it" in refused(bench, add)


def test_a_viewer_may_not_code(bench):
    ben = bench.person("Ben")
    bench.done(bench.document("R1"), ben)
    with bench.database.write() as connection:
        connection.execute(
            update(membership).where(membership.c.coder_id == ben.id).values(role="viewer")
        )
    with pytest.raises(NotAllowed, match="Ben is a viewer in this study; this needs a coder"):
        bench.send(bench.adding(bench.document("R1"), "Phone", "She"), actor=ben)


def test_no_study_no_coding(bench):
    with pytest.raises(NotFound, match="no study number 4711"):
        code.apply_operations(bench.actor, bench.database, 4711, [])


def test_several_documents_are_coded_at_once_and_undone_at_once(bench):
    documents = [item.id for item in bench.documents()]
    phone = bench.codes()["Phone"].id
    bench.code(documents[0], "Phone", None)
    arguments = (bench.actor, bench.database, bench.study_id)
    assert code.code_documents(*arguments, [*documents, documents[1]], phone) == 6
    assert code.code_documents(*arguments, documents, phone) == 0
    assert bench.codes()["Phone"].n_codings == 7
    assert bench.send({"kind": "undo"}).message == "Undone: Phone on 6 answers."
    assert bench.codes()["Phone"].n_codings == 1
    with pytest.raises(InputError, match="no answer is chosen"):
        code.code_documents(*arguments, [], phone)
    with pytest.raises(NotFound):
        code.code_documents(*arguments, [4711], phone)
    with pytest.raises(NotFound):
        code.code_documents(*arguments, documents, 4711)


def test_coding_begins_a_document_and_keeps_a_done_one_done(bench):
    document = bench.document("R1")
    bench.code(document, "Phone", "She")
    assert bench.open(document).document.state == "in_progress"
    bench.done(document)
    bench.code(document, "Waiting", "She")
    assert bench.open(document).document.state == "done"


def test_long_and_hostile_words_of_researchers(bench):
    document = bench.document("R1")
    memo = {"kind": "document_memo", "document": document}
    why = refused(bench, {**memo, "text": "x" * 20_001})
    assert why == "a memo has at most 20000 characters, not 20001."
    assert bench.send({**memo, "text": "<b>\ud800 '; --"}).acked
    assert bench.open(document).document.memo == "<b>\ufffd '; --"
    new = {"kind": "new_code", "code": new_id()}
    assert "needs a name" in refused(bench, {**new, "name": " \x00 "})
    assert "at most 200" in refused(bench, {**new, "name": "x" * 201})
    assert "there already" in refused(bench, {**new, "name": "school"})
    assert "no document" in refused(bench, {**new, "name": "A", "document": 999_999})
    assert bench.send({**new, "name": "a\nb\x00", "definition": "d\x00\ud800"}).acked
    assert bench.codes()["a b"].definition == "d\ufffd"


def test_changes_tell_a_second_tab_what_happened(bench):
    from workbench.domain.codings import DocumentFilter
    from workbench.services.coding import reading

    document = bench.document("R1")
    kept = bench.code(document, "Phone", "She")
    gone = bench.code(document, "Phone", "me")
    opened = bench.open(document)
    bench.send({"kind": "remove", "document": document, "coding": gone})
    added = bench.code(document, "Waiting", "me")
    told = reading.changes(
        bench.actor, bench.database, bench.study_id, DocumentFilter(), document,
        since=opened.as_of, version=opened.version,
    )  # fmt: skip
    assert {guid: item is None for guid, item in told.codings} == {gone: True, added: False}
    assert kept not in dict(told.codings)
    assert (told.codes, told.n_codings, told.state) == (None, 2, "in_progress")
    bench.send({"kind": "new_code", "code": new_id(), "name": "New"})
    bench.send({"kind": "undo"})
    told = reading.changes(
        bench.actor, bench.database, bench.study_id, DocumentFilter(), document,
        since=opened.as_of, version=told.version + 1,
    )  # fmt: skip
    assert told.codes is not None, "a new code that was undone is told as well"
    assert "New" not in {item.name for item in told.codes}


def test_codings_remember_the_codebook_they_were_made_under(bench):
    document = bench.document("R1")
    bench.code(document, "Phone", "She")
    codebook.edit_code(
        bench.actor, bench.database, bench.study_id, bench.codes()["Phone"].id, {"include": "x"}
    )
    bench.code(document, "Phone", "me")
    with bench.database.read() as connection:
        numbers = connection.execute(
            text(
                "SELECT v.number FROM coding c JOIN codebook_version v "
                "ON v.id = c.codebook_version_id ORDER BY c.id"
            )
        ).scalars()
        assert list(numbers) == [1, 2]


def test_every_operation_says_who_and_what(bench):
    document = bench.document("R1")
    bench.code(document, "Phone", "She")
    with bench.database.read() as connection:
        row = connection.execute(select(operation).order_by(operation.c.id.desc())).first()
    assert (row.actor_id, row.verb, row.document_id) == (bench.actor.id, "code", document)
    assert row.label == "Phone on R1"
