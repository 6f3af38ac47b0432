"""Themes by group: small studies counted by hand, large ones by an independent count."""

import random

import pytest
from scipy.stats import binomtest
from sqlalchemy import insert, select, text, update

from tests.builders import CODEBOOK, SURVEY, Bench
from workbench.domain.codings import DocumentFilter
from workbench.errors import InputError, NotFound
from workbench.services import codebook, extracts, study
from workbench.services.summarise import list_layers, summarise
from workbench.store import anchors, codings, documents, hits, people
from workbench.store.codebook import rebuild_closure
from workbench.store.tables import (
    CONSENSUS,
    anchor,
    assignment,
    code,
    coding,
    document,
    document_state,
    respondent,
    respondent_attribute,
    segment,
)


def table(bench, *by, actor=None, **options):
    return summarise(actor or bench.actor, bench.database, bench.study_id, by=by, **options)


def cells(bench, *by, **options):
    """Give a table as {(theme, groups): (respondents, base, mentions)} without empty cells."""
    return {
        (row.theme, *row.groups.values()): (row.respondents, row.base, row.mentions)
        for row in table(bench, *by, **options).rows
        if row.respondents or row.mentions
    }


def test_an_uncoded_study_has_every_cell_at_zero(bench):
    found = table(bench, "group")
    assert [(row.theme, row.groups["group"], row.base) for row in found.rows] == [
        (theme, group, base)
        for theme in ("Access", "School", "Schooling")
        for group, base in (("Irish", 1), ("Roma", 2), ("Not stated", 1))
    ]
    assert all((row.respondents, row.mentions, row.share) == (0, 0, 0.0) for row in found.rows)
    assert {row.n_not_done for row in found.rows if row.groups["group"] == "Roma"} == {3}
    assert found.overlapping is False


def test_an_empty_study_has_no_rows_and_an_empty_base_no_share(empty):
    assert table(empty).rows == ()
    empty.load()
    (row, *_) = table(empty).rows
    assert (row.base, row.share, row.low, row.high, row.groups) == (0, None, None, None, {})


def test_declared_values_without_anybody_are_shown(bench):
    found = table(bench, "age")
    assert [row.groups["age"] for row in found.rows[:3]] == ["young", "middle", "old"]
    middle = found.rows[1]
    assert (middle.base, middle.share) == (0, None)


def test_respondents_are_counted_once_and_mentions_joined(bench):
    first, second = bench.document("R1"), bench.document("R1", "q2")
    bench.code(first, "Waiting", "She listened")
    bench.code(first, "Waiting", "listened to me")
    bench.code(first, "Waiting", "she left")
    bench.code(first, "Phone", "listened")
    bench.code(second, "Phone", None)
    bench.code(bench.document("R3"), "Access", "تین")
    assert cells(bench) == {("Access",): (2, 4, 5)}
    assert cells(bench, level="code") == {
        ("Access",): (2, 4, 5),
        ("Access / Waiting",): (1, 4, 2),
        ("Access / Phone",): (1, 4, 2),
    }
    assert cells(bench, "group") == {("Access", "Roma"): (1, 2, 4), ("Access", "Irish"): (1, 1, 1)}


def test_overlaps_join_over_coders_but_touching_words_stay_apart(bench):
    document_id, ben = bench.document("R1"), bench.person("Ben")
    bench.code(document_id, "School", "She listened")
    bench.code(document_id, "School", "She listened", actor=ben)
    bench.code(document_id, "School", " to me", actor=ben)
    assert cells(bench) == {("School",): (1, 4, 2)}
    assert cells(bench, layer="Ben") == {("School",): (1, 4, 2)}
    assert cells(bench, layer="asha") == {("School",): (1, 4, 1)}
    bench.code(document_id, "School", None)
    assert cells(bench) == {("School",): (1, 4, 1)}


def test_multi_select_groups_overlap(bench):
    for label in ("R1", "R3"):
        bench.code(bench.document(label), "School", None)
    found = table(bench, "needs")
    assert found.overlapping
    assert cells(bench, "needs") == {
        ("School", "money"): (1, 2, 1),
        ("School", "sleep"): (2, 2, 2),
    }
    assert cells(bench) == {("School",): (2, 4, 2)}


def test_two_attributes_are_crossed(bench):
    bench.code(bench.document("R1"), "School", None)
    bench.code(bench.document("R4"), "School", None)
    assert cells(bench, "group", "age") == {
        ("School", "Roma", "young"): (1, 1, 1),
        ("School", "Not stated", "young"): (1, 1, 1),
    }
    assert len(table(bench, "group", "age").rows) == 3 * 3 * 3


def test_the_interval_is_wilsons(bench):
    bench.code(bench.document("R1"), "School", None)
    row = next(row for row in table(bench).rows if row.theme == "School")
    expected = binomtest(1, 4).proportion_ci(method="wilson")
    assert (row.share, row.low, row.high) == pytest.approx((0.25, expected.low, expected.high))


def test_a_merged_code_counts_where_it_was_merged_into(bench):
    codes = bench.codes()
    bench.code(bench.document("R1"), "School", "She")
    bench.code(bench.document("R1"), "Schooling", "She listened")
    bench.code(bench.document("R2"), "School", "rang")
    with bench.database.write() as connection:
        connection.execute(
            update(code)
            .where(code.c.name == "School")
            .values(status="merged", merged_into=codes["Phone"].id)
        )
        connection.execute(
            update(code)
            .where(code.c.name == "Schooling")
            .values(status="merged", merged_into=codes["School"].id)
        )
        rebuild_closure(connection, bench.study_id)
    assert cells(bench, level="code") == {
        ("Access",): (2, 4, 2),
        ("Access / Phone",): (2, 4, 2),
    }
    assert bench.codes()["Phone"].n_codings == 3
    assert {row["code"] for row in bench.export()} == {"Access / Phone"}
    where = extracts.make_filter(
        bench.actor, bench.database, bench.study_id, codes=["Access / Phone"]
    )
    _, total = extracts.find_extracts(bench.actor, bench.database, bench.study_id, where)
    assert total == 3


def test_retired_codes_still_count(bench):
    bench.code(bench.document("R1"), "School", None)
    codebook.retire_code(bench.actor, bench.database, bench.study_id, bench.codes()["School"].id)
    assert cells(bench) == {("School",): (1, 4, 1)}


def test_flagged_and_removed_codings_do_not_count_but_flagged_ones_are_told(bench):
    document_id = bench.document("R1")
    bench.code(document_id, "School", "She listened")
    removed = bench.code(document_id, "Phone", None)
    bench.send({"kind": "remove", "document": document_id, "coding": removed})
    bench.ingest(SURVEY.replace("She listened to me. Then she left.", "Something else."))
    assert cells(bench) == {}
    assert table(bench).n_flagged == 1


def test_who_has_withdrawn_and_who_facilitates_is_left_out(bench):
    for label in ("R1", "R2", "R3"):
        bench.code(bench.document(label), "School", None)
    with bench.database.write() as connection:
        connection.execute(
            update(respondent).where(respondent.c.ref == "R1").values(withdrawn_at="2022-01-01")
        )
        connection.execute(
            update(respondent).where(respondent.c.ref == "R2").values(kind="facilitator")
        )
    assert cells(bench) == {("School",): (1, 2, 1)}
    assert cells(bench, "group") == {("School", "Irish"): (1, 1, 1)}


def test_who_left_nothing_to_read_is_not_in_the_base(bench):
    bench.ingest(SURVEY + "R9,Roma,old,,,,\n")
    assert table(bench).rows[0].base == 4


def test_layers_and_done(bench):
    ben, cy = bench.person("Ben"), bench.person("Cy")
    one, two, three = (bench.document(label) for label in ("R1", "R2", "R3"))
    for document_id in (one, two, three):
        bench.code(document_id, "School", None)
        bench.code(document_id, "Phone", None, actor=ben)
    bench.done(one)
    bench.done(two)
    bench.done(two, ben)
    bench.done(three, cy)
    assert cells(bench) == {("School",): (3, 4, 3), ("Access",): (3, 4, 3)}
    assert cells(bench, layer="Ben") == {("Access",): (3, 4, 3)}
    assert cells(bench, layer="consensus") == {("School",): (1, 4, 1)}
    left = {layer: table(bench, layer=layer).rows[0].n_not_done
            for layer in ("any", "Asha", "Ben", "Cy", "consensus")}  # fmt: skip
    assert left == {"any": 4, "Asha": 5, "Ben": 6, "Cy": 6, "consensus": 4}
    assert table(bench, layer="consensus").rows[0].n_awaiting == 1
    with bench.database.write() as connection:
        connection.execute(
            update(document).where(document.c.id == two).values(adjudicated_at="2022-01-01")
        )
        settled = connection.execute(
            update(coding)
            .where(coding.c.document_id == two, coding.c.coder_id == ben.id)
            .values(origin="adjudication", coder_id=CONSENSUS)
            .returning(coding.c.id)
        ).scalars()
        anchors.sync_coding_respondents(connection, list(settled))
    assert cells(bench, layer="consensus") == {("School",): (1, 4, 1), ("Access",): (1, 4, 1)}
    assert table(bench, layer="consensus").rows[0].n_not_done == 4
    assert table(bench, layer="consensus").rows[0].n_awaiting == 0
    assert list_layers(bench.actor, bench.database, bench.study_id) == [
        "any", "consensus", "Asha", "Ben", "Cy",
    ]  # fmt: skip


def test_only_the_documents_in_scope_count(bench):
    for item in bench.documents():
        bench.code(item.id, "School", None)
    question = study.list_questions(bench.actor, bench.database, bench.study_id)[1]
    where = DocumentFilter(question_id=question.id)
    assert cells(bench, where=where) == {("School",): (3, 3, 3)}
    assert cells(bench, where=DocumentFilter(search="nobody RANG")) == {("School",): (1, 1, 1)}


def test_what_cannot_be_grouped_by_is_refused(bench):
    with pytest.raises(InputError, match=r"no attribute 'shoe' to group by.*group, age, needs"):
        table(bench, "shoe")
    with pytest.raises(InputError, match="no attribute 'email'"):
        table(bench, "email")
    with pytest.raises(InputError, match="3 attributes"):
        table(bench, "group", "age", "needs")
    with pytest.raises(InputError, match="named twice"):
        table(bench, "age", "age")
    with pytest.raises(NotFound, match=r"no coder 'Zoe' in this study. Layers: any, consensus"):
        table(bench, layer="Zoe")


def add_group(bench, turns, *, ref="Group 1"):
    """Write a focus group of (speaker's ref or None, words); give the document."""
    talk = "\n".join(words for _, words in turns)
    with bench.database.write() as connection:
        document_id = documents.add_document(
            connection, study_id=bench.study_id, kind="focus_group", text=talk, why="import",
            actor_id=bench.actor.id, ref=ref,
        )  # fmt: skip
        revision_id = connection.execute(
            select(document.c.current_revision_id).where(document.c.id == document_id)
        ).scalar_one()
        at = 0
        for position, (speaker, words) in enumerate(turns):
            person = connection.execute(
                select(respondent.c.id).where(respondent.c.ref == (speaker or ""))
            ).scalar()
            connection.execute(
                insert(segment).values(
                    revision_id=revision_id, position=position, start=at, end=at + len(words),
                    speaker=speaker, respondent_id=person,
                )
            )  # fmt: skip
            at += len(words) + 1
    return document_id


def test_linked_speakers_count_once_and_facilitators_never(bench):
    bench.ingest(SURVEY + "F,Irish,old,,,,\nS,Roma,old,,,,\n")
    with bench.database.write() as connection:
        connection.execute(
            update(respondent).where(respondent.c.ref == "F").values(kind="facilitator")
        )
    group = add_group(
        bench,
        [("F", "Tell me"), ("R1", "I waited"), ("S", "I waited too"), (None, "me as well"),
         ("R1", "and again")],
    )  # fmt: skip
    bench.code(group, "Waiting", "Tell me")
    assert cells(bench) == {}
    bench.code(group, "Waiting", "I waited\nI waited too")
    bench.code(group, "Waiting", "again")
    bench.code(bench.document("R1"), "Waiting", "She")
    assert cells(bench) == {("Access",): (2, 5, 3)}
    assert cells(bench, "group") == {("Access", "Roma"): (2, 3, 3)}
    assert table(bench, "group").rows[0].n_not_done == 2
    bench.done(group)
    roma = [row for row in table(bench, "group").rows if row.groups["group"] == "Roma"]
    assert roma[0].n_not_done == 3


def test_a_cell_opens_the_extracts_that_it_counts(bench):
    group = add_group(bench, [("R3", "I waited"), ("R1", "Me too")])
    bench.code(group, "Waiting", "I waited")
    bench.code(bench.document("R1"), "Waiting", "She")
    bench.code(bench.document("R2"), "Phone", "rang")
    attribute = next(
        item
        for item in study.list_attributes(bench.actor, bench.database, bench.study_id)
        if item.name == "group"
    )
    for row in table(bench, "group", level="code").rows:
        where = extracts.make_filter(
            bench.actor, bench.database, bench.study_id, code_ids=[row.code_id],
            documents=DocumentFilter(groups=((attribute.id, row.groups["group"]),)),
        )  # fmt: skip
        counted = extracts.count_extracts(bench.actor, bench.database, bench.study_id, where)
        assert (counted.n_extracts, counted.n_respondents) == (row.mentions, row.respondents)


# ------------------------------------------------------------- an independent count


def random_study(bench, dice):
    """Fill a study at random, by SQL where no service would do it."""
    names = [f"P{n}" for n in range(14)]
    lines = ["id,group,age,needs,email,q1,q2"]
    for name in names:
        lines.append(
            ",".join(
                [name, dice.choice(["Roma", "Irish", ""]), dice.choice(["young", "old", ""]),
                 "|".join(dice.sample(["money", "sleep", "food"], dice.randrange(3))), "",
                 dice.choice(["", "some words that were said", "a b c d e f g h"]),
                 dice.choice(["", "one two three four"])]
            )
        )  # fmt: skip
    bench.ingest("\n".join(lines) + "\n")
    bench.load(CODEBOOK.replace("- name: Phone", "- name: Phone\n        children:\n"
                                "          - name: Queue\n          - name: Menu"))  # fmt: skip
    with bench.database.write() as connection:
        for name, values in (("P1", {"kind": "facilitator"}), ("P2", {"withdrawn_at": "x"})):
            connection.execute(update(respondent).where(respondent.c.ref == name).values(**values))
    for n in range(2):
        turns = [(dice.choice([*names[:8], None]), f"turn {i} of some length") for i in range(6)]
        add_group(bench, turns, ref=f"Group {n}")
    code_at_random(bench, dice)


def code_at_random(bench, dice):
    coders = [bench.actor, bench.person("Ben"), bench.person("Cy")]
    codes = [item.id for item in bench.codes().values()]
    with bench.database.write() as connection:
        for coder in coders:
            people.add_member(connection, bench.study_id, coder.id, "coder")
        rows = connection.execute(
            text(
                "SELECT d.id, r.id AS revision_id, r.text FROM document d "
                "JOIN revision r ON r.id = d.current_revision_id ORDER BY d.id"
            )
        ).all()
        for row in rows:
            for _ in range(dice.randrange(7)):
                one_coding(connection, dice, row, dice.choice(codes), dice.choice(coders).id)
            for coder in coders:
                if dice.random() < 0.4:
                    state = {"document_id": row.id, "coder_id": coder.id, "state": "done"}
                    connection.execute(insert(document_state).values(**state))
            if dice.random() < 0.15:
                connection.execute(
                    update(document).where(document.c.id == row.id).values(adjudicated_at="x")
                )


def one_coding(connection, dice, row, code_id, coder_id):
    start = dice.randrange(len(row.text))
    end = dice.randrange(start, len(row.text)) + 1
    if dice.random() < 0.2:
        start = end = None
    coder_id, origin = dice.choice([(coder_id, "person")] * 2 + [(CONSENSUS, "adjudication")])
    new = codings.NewCoding(row.id, row.revision_id, code_id, coder_id, start, end, origin=origin)
    made = codings.add_coding(connection, new, None)
    chance = dice.random()
    if chance < 0.1:
        codings.set_deleted(connection, made, "2022-01-01")
    elif chance < 0.2:
        flagged = update(anchor).where(anchor.c.coding_id == made).values(state="flagged")
        connection.execute(flagged)
        anchors.sync_coding_respondents(connection, [made])


class Count:
    """Counts a study in plain Python, from its rows."""

    def __init__(self, bench, layer):
        with bench.database.read() as connection:
            fetch = lambda statement: connection.execute(statement).mappings().all()  # noqa: E731
            self.people = {row["id"]: row for row in fetch(select(respondent))}
            self.documents = {row["id"]: row for row in fetch(select(document))}
            self.turns = fetch(select(segment))
            self.codings = fetch(
                text(
                    'SELECT c.*, a.start, a."end", a.state FROM coding c '
                    "JOIN document d ON d.id = c.document_id "
                    "JOIN anchor a ON a.coding_id = c.id AND a.revision_id = d.current_revision_id"
                )
            )
            self.codes = {row["id"]: row for row in fetch(select(code))}
            self.values = fetch(select(respondent_attribute))
            self.attributes = {
                row["name"]: row["id"] for row in fetch(text("SELECT * FROM attribute"))
            }
            self.finished = {}
            for row in fetch(select(document_state).where(document_state.c.state == "done")):
                self.finished.setdefault(row["document_id"], set()).add(row["coder_id"])
        self.layer = layer

    def counts_person(self, key):
        person = self.people[key]
        return person["kind"] == "participant" and person["withdrawn_at"] is None

    def speakers(self, item):
        """Give whose words are in a document, or in a coding of it."""
        row = self.documents[
            item.get("document_id", item["id"]) if "code_id" in item else item["id"]
        ]
        found = {row["respondent_id"]}
        start, end = item.get("start"), item.get("end")
        for turn in self.turns:
            inside = start is None or (turn["start"] < end and turn["end"] > start)
            if inside and turn["revision_id"] == row["current_revision_id"]:
                found.add(turn["respondent_id"])
        found -= {None}
        return {key for key in found if self.counts_person(key)}

    def on_layer(self, item):
        if item["deleted_at"] or item["state"] != "placed":
            return False
        done = self.finished.get(item["document_id"], set())
        if self.layer == "any":
            return item["coder_id"] != CONSENSUS
        if self.layer == "consensus":
            if self.documents[item["document_id"]]["adjudicated_at"]:
                return item["coder_id"] == CONSENSUS
            return done == {item["coder_id"]}
        return item["coder_id"] == self.layer

    def is_done(self, key):
        done = self.finished.get(key, set())
        if self.layer == "any":
            return bool(done)
        if self.layer == "consensus":
            return bool(self.documents[key]["adjudicated_at"]) or len(done) == 1
        return self.layer in done

    def awaits(self, key):
        """Tell whether several have finished a document, and nobody has adjudicated it."""
        return self.layer == "consensus" and len(self.finished.get(key, ())) > 1

    def lineage(self, key):
        while key is not None:
            yield key
            key = self.codes[key]["parent_id"]

    def groups(self, person, name):
        key = self.attributes[name]
        found = {row["value"] for row in self.values
                 if (row["respondent_id"], row["attribute_id"]) == (person, key)}  # fmt: skip
        return found or {"Not stated"}

    def belongs(self, person, groups):
        return all(value in self.groups(person, name) for name, value in groups.items())

    def cell(self, code_id, groups):
        readable = [row for row in self.documents.values() if row["codable"]]
        inside = {row["id"]: {key for key in self.speakers(dict(row)) if self.belongs(key, groups)}
                  for row in readable}  # fmt: skip
        base = set().union(*inside.values())
        hits, islands = set(), {}
        for item in map(dict, self.codings):
            if not self.on_layer(item) or code_id not in self.lineage(item["code_id"]):
                continue
            hits |= {key for key in self.speakers(item) if self.belongs(key, groups)}
        for item in map(dict, self.codings):
            if self.on_layer(item) and code_id in self.lineage(item["code_id"]):
                spans = islands.setdefault((item["document_id"], item["code_id"]), [])
                whole = item["start"] is None
                spans.append((0 if whole else item["start"], 10**9 if whole else item["end"], item))
        mentions = 0
        for spans in islands.values():
            mentions += sum(
                any(self.belongs(key, groups) for item in island for key in self.speakers(item))
                for island in self.joined(spans)
            )
        unread = [key for key in inside if inside[key] and not self.is_done(key)]
        awaiting = sum(self.awaits(key) for key in unread)
        return len(hits), len(base), mentions, len(unread) - awaiting, awaiting

    @staticmethod
    def joined(spans):
        """Join overlapping spans, by looking at every pair until nothing changes."""
        islands = [(start, end, [item]) for start, end, item in spans]
        changed = True
        while changed:
            changed = False
            for one in islands:
                for two in islands:
                    if one is not two and one[0] < two[1] and two[0] < one[1]:
                        islands.remove(one)
                        islands.remove(two)
                        islands.append((min(one[0], two[0]), max(one[1], two[1]), one[2] + two[2]))
                        changed = True
                        break
                if changed:
                    break
        return [items for _, _, items in islands]


@pytest.mark.parametrize(("seed", "max_columns"), [(1, 16), (2, 0)])
def test_counts_agree_with_an_independent_count(empty: Bench, monkeypatch, seed, max_columns):
    monkeypatch.setattr(hits, "MAX_COLUMNS", max_columns)
    random_study(empty, random.Random(seed))
    ben = empty.person("Ben")
    n_positive = 0
    for layer, key in (("any", "any"), ("consensus", "consensus"), ("Ben", ben.id)):
        count = Count(empty, key)
        for by in ((), ("group",), ("needs",), ("group", "needs"), ("age", "group")):
            found = table(empty, *by, level="code", layer=layer, with_totals=True)
            for row in (*found.rows, *found.totals):
                cell = (row.respondents, row.base, row.mentions, row.n_not_done, row.n_awaiting)
                assert cell == count.cell(row.code_id, row.groups), (layer, row)
                n_positive += row.respondents > 0
    assert n_positive > 100


def test_totals_that_are_added_up_agree_with_an_independent_count(empty: Bench):
    random_study(empty, random.Random(3))
    with empty.database.write() as connection:
        for name in ("anchor", "coding_respondent", "document_state", "coding"):
            about = "coding_id" if name in ("anchor", "coding_respondent") else "document_id"
            inside = "SELECT id FROM document WHERE respondent_id IS NULL"
            if about == "coding_id":
                inside = f"SELECT id FROM coding WHERE document_id IN ({inside})"
            connection.execute(text(f"DELETE FROM {name} WHERE {about} IN ({inside})"))
        connection.execute(text("DELETE FROM segment"))
        gone = "SELECT id FROM document WHERE respondent_id IS NULL"
        connection.execute(text(f"DELETE FROM revision WHERE document_id IN ({gone})"))
        connection.execute(text("DELETE FROM document WHERE respondent_id IS NULL"))
        connection.execute(text("UPDATE coding SET deleted_at = 'x' WHERE origin = 'adjudication'"))
        anchors.sync_coding_respondents(connection, list(connection.execute(
            select(coding.c.id)).scalars()))  # fmt: skip
    count = Count(empty, "any")
    totals = table(empty, "group", "age", level="code", with_totals=True).totals
    assert sum(row.mentions for row in totals) > 10
    for row in totals:
        cell = (row.respondents, row.base, row.mentions, row.n_not_done, row.n_awaiting)
        assert cell == count.cell(row.code_id, {})


def test_blind_coding_is_counted_for_oneself_only(empty: Bench):
    empty.ingest()
    empty.load()
    document_id, ben = empty.document("R1"), empty.person("Ben")
    empty.code(document_id, "School", "She listened to me", actor=ben)
    empty.code(document_id, "School", "listened")
    empty.code(document_id, "School", "to me. Then")
    assert cells(empty) == {("School",): (1, 4, 1)}
    with empty.database.write() as connection:
        for person in (empty.actor, ben):
            connection.execute(
                insert(assignment).values(
                    document_id=document_id, coder_id=person.id, blind=True, created_at="x"
                )
            )
    assert cells(empty) == {("School",): (1, 4, 2)}
    assert cells(empty, actor=ben) == {("School",): (1, 4, 1)}
    assert cells(empty, layer="Ben") == {}
    empty.done(document_id)
    empty.done(document_id, ben)
    assert cells(empty) == {("School",): (1, 4, 1)}
