"""Memos: written, answered, changed, taken away and brought back; and who may read which."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select

from tests.builders import Bench
from workbench.domain.memos import KINDS, MemoFilter
from workbench.errors import CodingError, InputError, NotAllowed, NotFound
from workbench.services.coding import reading
from workbench.services.memos import memo_list, memos
from workbench.services.surveys import respondents
from workbench.services.trail import undo
from workbench.store import tables
from workbench.store.trail import events
from workbench.store.visibility import sight_of


def place(bench: Bench, actor=None) -> tuple:
    return actor or bench.actor, bench.database, bench.study_id


def threads(bench: Bench, actor=None, **where) -> tuple:
    return memo_list.list_memos(*place(bench, actor), MemoFilter(**where), limit=1000).threads


def texts(bench: Bench, actor=None, **where) -> list[list[str]]:
    """Give the words of each thread, those taken away as None."""
    return [
        [None if item.taken_away else item.text
         for item in (*((thread.root,) if thread.root else ()), *thread.replies)]
        for thread in threads(bench, actor, **where)
    ]  # fmt: skip


def respondent_of(bench: Bench, document: int) -> int:
    return bench.open(document).document.respondent_id


def coding_key(bench: Bench, guid: str) -> int:
    with bench.database.read() as connection:
        return connection.execute(
            select(tables.coding.c.id).where(tables.coding.c.guid == guid)
        ).scalar()


def version_key(bench: Bench) -> int:
    with bench.database.read() as connection:
        return connection.execute(
            select(tables.codebook_version.c.id).order_by(tables.codebook_version.c.id.desc())
        ).scalars().first()  # fmt: skip


def targets(bench: Bench) -> dict[str, int]:
    """Give one thing of every kind that a memo can be about."""
    document = bench.document("R1")
    guid = bench.code(document, "School", "She listened")
    return {
        "study": bench.study_id,
        "codebook_version": version_key(bench),
        "code": bench.codes()["Waiting"].id,
        "respondent": respondent_of(bench, document),
        "document": document,
        "coding": coding_key(bench, guid),
    }


def give_blind(bench: Bench, document: int, *actors) -> None:
    with bench.database.write() as connection:
        for actor in actors:
            connection.execute(
                insert(tables.assignment).values(
                    document_id=document, coder_id=actor.id, blind=True, created_at="2022-01-01"
                )
            )


def test_a_memo_stands_on_each_kind_of_thing_and_says_on_which(bench: Bench) -> None:
    written = targets(bench)
    assert set(written) == set(KINDS)
    for kind, key in written.items():
        memos.write(*place(bench), kind, key, f"on the {kind}")
    labels = {item.place.kind: item.place.label for item in threads(bench)}
    assert labels == {
        "study": "The study",
        "codebook_version": "Version 1",
        "code": "Access / Waiting",
        "respondent": "R1",
        "document": "R1 · q1",
        "coding": "School on R1 · q1",
    }
    for kind, key in written.items():
        assert texts(bench, kind=kind, target_id=key) == [[f"on the {kind}"]]
    with bench.database.read() as connection:
        events.verify_chain(connection, bench.study_id)


def test_what_is_not_there_takes_no_memo(bench: Bench) -> None:
    for kind in KINDS:
        with pytest.raises(NotFound, match="what this memo is about is not there"):
            memos.write(*place(bench), kind, 987_654, "lost")
    with pytest.raises(NotFound, match="this memo is not there"):
        memos.write(*place(bench), "study", bench.study_id, "lost", reply_to=987_654)
    assert texts(bench) == []


def test_words_are_wanted_and_have_an_end(bench: Bench) -> None:
    for empty in ("", "  \n ", "\x00"):
        with pytest.raises(CodingError, match="the memo has no words"):
            memos.write(*place(bench), "study", bench.study_id, empty)
    with pytest.raises(CodingError, match="at most 20000 characters, not 20001"):
        memos.write(*place(bench), "study", bench.study_id, "x" * 20_001)
    with pytest.raises(CodingError, match="cannot be written here"):
        memos.write(*place(bench), "code", bench.codes()["School"].id, "I", purpose="positionality")


def test_replies_make_one_thread_and_keep_its_target(bench: Bench) -> None:
    ben = bench.person("Ben")
    document = bench.document("R1")
    root = memos.write(*place(bench), "document", document, "Is this about waiting?")
    reply = memos.write(*place(bench, ben), "study", 0, "I think so.", reply_to=root)
    memos.write(*place(bench), "study", 0, "Then we agree.", reply_to=reply)
    (thread,) = threads(bench)
    assert [item.text for item in thread.memos] == [
        "Is this about waiting?", "I think so.", "Then we agree.",
    ]  # fmt: skip
    assert {item.reply_to for item in thread.replies} == {root}
    assert thread.place.document_id == document
    assert [item.author for item in thread.memos] == ["Asha", "Ben", "Asha"]
    assert bench.open(document).document.memo == "Is this about waiting?"
    assert bench.open(document, ben).document.memo == ""


def test_a_reply_is_never_taken_for_the_memo_of_the_coding_page(bench: Bench) -> None:
    """The pane keeps one memo per person and thing: the newest that is no reply."""
    document = bench.document("R1")
    guid = bench.code(document, "School", "She listened")
    bench.send({"kind": "memo", "document": document, "coding": guid, "text": "mine"})
    root = threads(bench)[0].key
    memos.write(*place(bench), "study", 0, "an afterthought", reply_to=root)
    assert [item.memo for item in bench.open(document).codings] == ["mine"]
    bench.send({"kind": "memo", "document": document, "coding": guid, "text": "mine, anew"})
    assert texts(bench) == [["mine, anew", "an afterthought"]]
    assert bench.export()[0]["memo"] == "mine, anew"


def test_nobody_changes_anothers_words_not_even_the_owner(bench: Bench) -> None:
    ben = bench.person("Ben")
    key = memos.write(*place(bench, ben), "study", bench.study_id, "Ben's")
    for act in (
        lambda: memos.edit(*place(bench), key, "Asha's"),
        lambda: memos.take_away(*place(bench), key),
    ):
        with pytest.raises(NotAllowed, match=r"this memo is Ben's\. Reply to it instead\."):
            act()
    assert texts(bench) == [["Ben's"]]


def test_a_viewer_reads_and_does_not_write(bench: Bench) -> None:
    memos.write(*place(bench), "study", bench.study_id, "to be read")
    cy = bench.person("Cy")
    with bench.database.write() as connection:
        connection.execute(insert(tables.membership).values(
            study_id=bench.study_id, coder_id=cy.id, role="viewer", created_at="2022-01-01"
        ))  # fmt: skip
    assert texts(bench, cy) == [["to be read"]]
    with pytest.raises(NotAllowed, match="Cy is a viewer"):
        memos.write(*place(bench, cy), "study", bench.study_id, "no")


def test_what_was_taken_away_leaves_its_place_to_the_replies(bench: Bench) -> None:
    ben = bench.person("Ben")
    key = memos.write(*place(bench), "study", bench.study_id, "first")
    memos.write(*place(bench, ben), "study", 0, "second", reply_to=key)
    memos.take_away(*place(bench), key)
    assert texts(bench) == texts(bench, ben) == [[None, "second"]]
    assert [item.text for item in threads(bench)[0].memos] == ["second"]
    assert texts(bench, search="first") == []
    assert memos.undo_memo(*place(bench)) == "taking away the memo on The study"
    assert texts(bench) == [["first", "second"]]


def test_each_step_is_taken_back_in_turn(bench: Bench) -> None:
    key = memos.write(*place(bench), "study", bench.study_id, "one")
    memos.edit(*place(bench), key, "two")
    memos.edit(*place(bench), key, "two")  # nothing to do, and nothing to take back
    memos.take_away(*place(bench), key)
    seen = [texts(bench)]
    for _ in range(3):
        memos.undo_memo(*place(bench))
        seen.append(texts(bench))
    assert seen == [[], [["two"]], [["one"]], []]
    with pytest.raises(NotFound):
        memos.undo_memo(*place(bench))


def test_anothers_reply_does_not_stop_undo(bench: Bench) -> None:
    """Ben's reply is Ben's: Asha can still take back her codings and her memos."""
    ben = bench.person("Ben")
    document = bench.document("R1")
    guid = bench.code(document, "School", "She listened")
    key = memos.write(*place(bench), "coding", coding_key(bench, guid), "why")
    memos.write(*place(bench, ben), "study", 0, "why not", reply_to=key)
    assert memos.undo_memo(*place(bench)) == "the memo on School on R1 · q1"
    undo.undo(*place(bench), undo.CODING)
    assert bench.open(document).codings == ()
    assert texts(bench) == [[None, "why not"]]
    assert threads(bench)[0].place.label == "School on R1 · q1 (removed since)"


def test_the_coding_page_takes_back_no_memo_of_the_study(bench: Bench) -> None:
    document = bench.document("R1")
    bench.code(document, "School", "She listened")
    memos.write(*place(bench), "study", bench.study_id, "stays")
    undo.undo(*place(bench), undo.CODING)
    assert texts(bench) == [["stays"]]


def test_search_folds_and_counts(bench: Bench) -> None:
    for words in ("The CAFÉ was shut", "A cafe, waiting", "میں نے تین بار فون کیا", "100% of_them"):
        memos.write(*place(bench), "study", bench.study_id, words)
    assert texts(bench, search="café") == [["A cafe, waiting"], ["The CAFÉ was shut"]]
    assert texts(bench, search="shut the") == [["The CAFÉ was shut"]]
    assert texts(bench, search="كيا") == [["میں نے تین بار فون کیا"]]
    assert texts(bench, search="0%") == texts(bench, search="f_t") == [["100% of_them"]]
    assert texts(bench, search="nowhere") == []
    found = memo_list.list_memos(*place(bench), MemoFilter(search="cafe"), limit=1)
    assert (len(found.threads), found.n_threads, found.n_memos) == (1, 2, 2)
    with pytest.raises(InputError, match="at most 500"):
        texts(bench, search="x" * 501)


def test_filters_find_what_belongs_together(bench: Bench) -> None:
    ben = bench.person("Ben")
    for kind, key in targets(bench).items():
        memos.write(*place(bench), kind, key, kind)
    memos.write(*place(bench, ben), "document", bench.document("R2"), "of R2")
    memos.write(*place(bench), "study", bench.study_id, "who I am", purpose="positionality")

    def found(**where) -> set[str]:
        return {words for thread in texts(bench, **where) for words in thread}

    codes = bench.codes()
    document = bench.document("R1")
    assert found(code_id=codes["Access"].id) == found(code_id=codes["Waiting"].id) == {"code"}
    assert found(code_id=codes["School"].id) == {"coding"}
    assert found(document_id=document) == {"document", "coding"}
    about_r1 = {"respondent", "document", "coding"}
    assert found(respondent_id=respondent_of(bench, document)) == about_r1
    assert found(author_id=ben.id) == {"of R2"}
    assert found(purpose="positionality") == {"who I am"}
    assert found(since="2100-01-01") == found(until="2000-01-01") == set()
    assert len(found(since="2000-01-01", until="2100-01-01")) == 8
    assert set(memo_list.list_authors(*place(bench)).values()) == {"Asha", "Ben"}
    for day in ("14 Feb", "2022-2-14", "2022-02-14' OR 1"):
        with pytest.raises(InputError, match="is not a day written as"):
            found(since=day)


def test_pages_cut_threads_and_never_inside_one(bench: Bench) -> None:
    for number in range(5):
        root = memos.write(*place(bench), "study", bench.study_id, f"{number}")
        memos.write(*place(bench), "study", 0, f"to {number}", reply_to=root)
    pages = [memo_list.list_memos(*place(bench), MemoFilter(), offset=offset, limit=2)
             for offset in (0, 2, 4, 99, -3)]  # fmt: skip
    assert [page.offset for page in pages] == [0, 2, 4, 4, 0]
    assert {(page.n_threads, page.n_memos) for page in pages} == {(5, 10)}
    assert [[item.text for thread in page.threads for item in thread.memos] for page in pages[:3]] \
        == [["4", "to 4", "3", "to 3"], ["2", "to 2", "1", "to 1"], ["0", "to 0"]]  # fmt: skip


@pytest.fixture
def hidden(bench: Bench) -> tuple:
    """Ben has written on all that he codes blind; a third looks on."""
    ben, cy = bench.person("Ben"), bench.person("Cy")
    document = bench.document("R1")
    guid = bench.code(document, "School", "She listened", actor=ben)
    waiting = bench.codes()["Waiting"].id
    with bench.database.write() as connection:
        connection.execute(
            tables.code.update()
            .where(tables.code.c.id == waiting)
            .values(made_in=document, made_by=ben.id)
        )
    give_blind(bench, document, bench.actor, ben)
    about = {
        "document": document,
        "coding": coding_key(bench, guid),
        "respondent": respondent_of(bench, document),
        "code": waiting,
    }
    keys = {kind: memos.write(*place(bench, ben), kind, key, f"secret {kind}")
            for kind, key in about.items()}  # fmt: skip
    memos.write(*place(bench, ben), "study", 0, "secret reply", reply_to=keys["document"])
    memos.write(*place(bench, ben), "study", bench.study_id, "open to all")
    return bench, document, ben, cy, keys, about


def test_memos_are_as_blind_as_what_they_are_about(hidden: tuple) -> None:
    bench, document, ben, cy, keys, about = hidden
    for actor in (bench.actor, cy):
        assert texts(bench, actor) == [["open to all"]]
        assert texts(bench, actor, search="secret") == []
        found = memo_list.list_memos(*place(bench, actor), MemoFilter(author_id=ben.id))
        assert (found.n_threads, found.n_memos) == (1, 1)
        for key in keys.values():
            with pytest.raises(NotFound):
                memos.write(*place(bench, actor), "study", 0, "guessed", reply_to=key)
            with pytest.raises(NotFound):
                memos.edit(*place(bench, actor), key, "guessed")
        for kind in ("coding", "code"):
            with pytest.raises(NotFound):
                memos.write(*place(bench, actor), kind, about[kind], "guessed")
        assert respondents.open_respondent(
            *place(bench, actor), about["respondent"]
        ).memos == ()  # fmt: skip
    assert len(texts(bench, ben)) == 5
    bench.done(document)
    assert texts(bench) == [["open to all"]]
    bench.done(document, ben)
    assert len(texts(bench)) == len(texts(bench, cy)) == 5
    assert ["secret document", "secret reply"] in texts(bench, cy)


def test_a_reply_to_what_became_blind_later_is_hidden_with_it(bench: Bench) -> None:
    ben = bench.person("Ben")
    document = bench.document("R1")
    root = memos.write(*place(bench), "document", document, "Asha's")
    memos.write(*place(bench, ben), "study", 0, "Ben's", reply_to=root)
    give_blind(bench, document, bench.actor, ben)
    assert texts(bench) == [["Asha's"]]
    (thread,) = threads(bench, ben)
    assert thread.root is None
    assert [item.text for item in thread.memos] == ["Ben's"]


def test_ones_own_reply_tells_no_code_of_a_coding_that_became_blind(bench: Bench) -> None:
    ben, document = bench.person("Ben"), bench.document("R1")
    guid = bench.code(document, "Waiting", "She listened")
    coding = next(item.id for item in bench.open(document).codings if item.guid == guid)
    root = memos.write(*place(bench), "coding", coding, "Asha's")
    memos.write(*place(bench, ben), "study", 0, "Ben's", reply_to=root)
    assert threads(bench, ben)[0].place.label == "Waiting on R1 · q1"
    give_blind(bench, document, bench.actor, ben)
    waiting = bench.codes()["Waiting"].id
    (thread,) = threads(bench, ben)
    assert (thread.place.label, thread.place.code_id) == ("a coding on R1 · q1", None)
    found = memo_list.list_memos(*place(bench, ben), MemoFilter(code_id=waiting))
    assert found.n_memos == 0
    assert threads(bench)[0].place.label == "Waiting on R1 · q1"


def test_only_hidden_authors_are_not_named(hidden: tuple) -> None:
    bench, *_, cy, _, _ = hidden
    assert set(memo_list.list_authors(*place(bench, cy)).values()) == {"Ben"}
    memos.undo_memo(*place(bench, bench.person("Ben")))  # the one that is open to all
    assert memo_list.list_authors(*place(bench, cy)) == {}


def test_memos_go_with_people_who_withdraw(bench: Bench) -> None:
    written = targets(bench)
    for kind, key in written.items():
        memos.write(*place(bench), kind, key, kind)
    with bench.database.write() as connection:
        connection.execute(
            tables.respondent.update()
            .where(tables.respondent.c.id == written["respondent"])
            .values(withdrawn_at="2022-02-14T00:00:00.000Z")
        )
    assert {words for thread in texts(bench) for words in thread} == {
        "study", "codebook_version", "code",
    }  # fmt: skip
    for kind in ("respondent", "document", "coding"):
        with pytest.raises(NotFound):
            memos.write(*place(bench), kind, written[kind], "again")


def test_a_memo_from_elsewhere_reaches_the_coding_page(bench: Bench) -> None:
    document = bench.document("R1")
    guid = bench.code(document, "School", "She listened")
    opened = bench.open(document)
    memos.write(*place(bench), "coding", coding_key(bench, guid), "from the list of memos")
    changed = reading.changes(*place(bench), reading.DocumentFilter(), document,
                              since=opened.as_of, version=opened.version)  # fmt: skip
    assert [coding.memo for _, coding in changed.codings] == ["from the list of memos"]


STEPS = st.lists(
    st.tuples(st.sampled_from(["write", "reply", "edit", "take", "undo"]), st.integers(0, 5),
              st.booleans()),
    max_size=14,
)  # fmt: skip


@settings(max_examples=25, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(steps=STEPS)
def test_whatever_people_do_no_words_are_lost_and_each_step_comes_back(bench, steps) -> None:
    """Play steps against a plain model: what it holds is what is read, and undo restores it."""
    people = [bench.person("Asha"), bench.person("Ben")]
    with bench.database.write() as connection:
        connection.execute(tables.memo.update().values(deleted_at="2022-01-01", reply_to=None))
        connection.execute(tables.operation.update().values(passed_over=True))
    live: dict[int, tuple[int, str]] = {}
    done: dict[int, list[tuple[int, tuple[int, str] | None]]] = {0: [], 1: []}
    for number, (step, pick, second) in enumerate(steps):
        who, words = int(second), f"words {number}"
        own = [key for key, (author, _) in live.items() if author == who]
        at = place(bench, people[who])
        if step == "write" or (step == "reply" and live):
            to = sorted(live)[pick % len(live)] if step == "reply" else None
            key = memos.write(*at, "study", bench.study_id, words, reply_to=to)
            done[who].append((key, None))
            live[key] = (who, words)
        elif step in ("edit", "take") and own:
            key = own[pick % len(own)]
            done[who].append((key, live[key]))
            if step == "edit":
                memos.edit(*at, key, words)
                live[key] = (who, words)
            else:
                memos.take_away(*at, key)
                del live[key]
        elif step == "undo" and done[who]:
            memos.undo_memo(*at)
            key, before = done[who].pop()
            live.pop(key, None)
            if before is not None:
                live[key] = before
        found = {item.id: (people.index(next(p for p in people if p.id == item.author_id)),
                           item.text)
                 for thread in threads(bench) for item in thread.memos}  # fmt: skip
        assert found == live


def test_the_trail_tells_no_more_of_hidden_memos(hidden: tuple) -> None:
    """An operation's label names a code or a respondent, and its states hold the memo's words."""
    bench, document, ben, cy, _, _ = hidden

    def told(actor) -> set[str]:
        with bench.database.read() as connection:
            sight = sight_of(connection, bench.study_id, actor.id)
            rows = connection.execute(
                select(tables.operation.c.forward).where(
                    sight.sees_operation(tables.operation.c),
                    tables.operation.c.verb.in_([memos.WRITE, memos.REPLY]),
                )
            ).scalars()
            return {row["memo"][0]["text"] for row in rows}

    everything = {
        f"secret {kind}" for kind in ("document", "coding", "respondent", "code", "reply")
    }
    assert told(bench.actor) == told(cy) == {"open to all"}
    assert told(ben) == everything | {"open to all"}
    for who in (bench.actor, ben):
        bench.done(document, who)
    assert told(cy) == everything | {"open to all"}
