"""A study filled at random, and a count of it in plain Python, to hold counts in SQL against."""

import itertools

from sqlalchemy import insert, select, text, update

from pipelines.ingest.discussions.speech import SpeechFile
from tests.builders import CODEBOOK
from workbench.domain.turns import Turn
from workbench.services.discussions import focus_groups
from workbench.services.discussions.focus_groups import SpeakerPlan
from workbench.store.coding import anchors, codings
from workbench.store.documents import documents
from workbench.store.tables import (
    CONSENSUS,
    anchor,
    code,
    document,
    document_state,
    respondent,
    respondent_attribute,
    revision,
    segment,
    speaker,
)
from workbench.store.team import people


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
    for n in range(4):
        hold_group(bench, dice, f"Group {n}", dice.choice(["first", "second", ""]), names[:8])
    with bench.database.write() as connection:
        for name, values in (("P1", {"kind": "facilitator"}), ("P2", {"withdrawn_at": "x"})):
            connection.execute(update(respondent).where(respondent.c.ref == name).values(**values))
        documents.add_document(
            connection, study_id=bench.study_id, kind="note", text="a text of nobody at all",
            why="import", actor_id=bench.actor.id, ref="Note",
        )  # fmt: skip
    code_at_random(bench, dice)


def hold_group(bench, dice, name, series, names):
    """Bring in a focus group at random: some speak in surveys too, some are nobody known."""
    plans = [SpeakerPlan("Lead", ("Lead",), "facilitator"), SpeakerPlan("Who", ("Who",))]
    plans += [SpeakerPlan(who, (who,), respondent=who) for who in dice.sample(names, 3)]
    plans += [SpeakerPlan("X", ("X",), respondent=f"X of {series}")]
    turns = []
    for i in range(10):
        who = dice.choice(["", "Lead", "Who", *(plan.name for plan in plans[2:]), "X", "X", "X"])
        turns.append(Turn(who, f"turn {i} of " + "some length " * dice.randrange(1, 3)))
    focus_groups.ingest_transcript(
        bench.actor, bench.database, bench.study_id, SpeechFile(name, tuple(turns), "voices"),
        plans, name=name, series=series,
    )  # fmt: skip


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
            discussion = len(row.text) > 100
            for _ in range(dice.randrange(15, 30) if discussion else dice.randrange(7)):
                some = codes[:3] if discussion else codes
                one_coding(connection, dice, row, dice.choice(some), dice.choice(coders).id)
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
    end = dice.randrange(start, min(len(row.text), start + dice.choice([20, 60, 400]))) + 1
    if dice.random() < (0.05 if len(row.text) > 100 else 0.2):
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
    """Counts a study in plain Python, from its rows and the characters that codings cover."""

    def __init__(self, bench, layer):
        with bench.database.read() as connection:

            def fetch(statement):
                return connection.execute(statement).mappings().all()

            self.people = {row["id"]: row for row in fetch(select(respondent))}
            self.documents = {row["id"]: row for row in fetch(select(document))}
            self.texts = {row["id"]: row["text"] for row in fetch(select(revision))}
            self.turns = fetch(select(segment))
            self.leads = {(row["document_id"], row["name"]) for row in fetch(select(speaker))
                          if row["role"] == "facilitator"}  # fmt: skip
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
        self.words = {key: self.words_of(row) for key, row in self.documents.items()}

    def counts_person(self, key):
        person = self.people[key]
        return person["kind"] == "participant" and person["withdrawn_at"] is None

    def words_of(self, row):
        """Give the places of each person's characters in a document; nobody's under a name."""
        everything = set(range(len(self.texts[row["current_revision_id"]])))
        if row["respondent_id"] is not None:
            return {row["respondent_id"]: everything}
        found = {}
        turns = [turn for turn in self.turns if turn["revision_id"] == row["current_revision_id"]]
        for turn in turns:
            whose = turn["respondent_id"]
            if whose is None and (row["id"], turn["speaker"]) not in self.leads:
                whose = f"nobody {turn['speaker']}"
            if whose is not None:
                found.setdefault(whose, set()).update(range(turn["start"], turn["end"]))
        return found if turns else {"nobody": everything}

    def covered(self, item):
        """Give the places of the characters that a coding covers."""
        if item["start"] is None:
            row = self.documents[item["document_id"]]
            return set(range(len(self.texts[row["current_revision_id"]])))
        return set(range(item["start"], item["end"]))

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

    def readable(self, groups):
        """Give the documents that count under a session or a series, and the other groups."""
        groups = dict(groups)
        rows = [row for row in self.documents.values() if row["codable"]]
        if "session" in groups:
            name = groups.pop("session")
            rows = [row for row in rows if row["ref"] == name]
        if "series" in groups:
            name = groups.pop("series").replace("In no series", "")
            rows = [row for row in rows
                    if row["kind"] == "focus_group" and (row["series"] or "") == name]  # fmt: skip
        return rows, groups

    def places(self, code_id, rows, whose):
        """Give what is coded of a person's words: the places by document, code, and person."""
        inside = {row["id"] for row in rows}
        found = {}
        for item in map(dict, self.codings):
            key = item["document_id"]
            if key in inside and self.on_layer(item) and code_id in self.lineage(item["code_id"]):
                for person in filter(whose, self.words[key]):
                    common = self.covered(item) & self.words[key][person]
                    if common:
                        found.setdefault((key, item["code_id"], person), []).append(common)
        return found

    def cell(self, code_id, groups):
        rows, groups = self.readable(groups)

        def meant(person):
            known = isinstance(person, int) and self.counts_person(person)
            return known and self.belongs(person, groups)

        speak = {row["id"]: set(filter(meant, self.words[row["id"]])) for row in rows}
        base = set().union(*speak.values())
        coded = self.places(code_id, rows, meant)
        mentions = sum(len(self.joined(places)) for places in coded.values())
        unread = [key for key, people in speak.items() if people and not self.is_done(key)]
        awaiting = sum(self.awaits(key) for key in unread)
        hits = {person for _, _, person in coded}
        return len(hits), len(base), mentions, len(unread) - awaiting, awaiting

    def nobodys(self, code_id):
        """Count mentions in the words of nobody."""
        coded = self.places(code_id, self.readable({})[0], lambda key: isinstance(key, str))
        return sum(len(self.joined(places)) for places in coded.values())

    def guids_of_nobody(self, code_id):
        """Give the codings that cover words of nobody."""
        return {
            item["guid"]
            for item in map(dict, self.codings)
            if item["document_id"] in self.documents
            and self.documents[item["document_id"]]["codable"]
            and self.on_layer(item) and code_id in self.lineage(item["code_id"])
            and any(isinstance(key, str) and self.covered(item) & said
                    for key, said in self.words[item["document_id"]].items())
        }  # fmt: skip

    @staticmethod
    def joined(places):
        """Join what has a place in common, until nothing changes."""
        islands = [set(item) for item in places]
        changed = True
        while changed:
            changed = False
            for one, two in itertools.combinations(islands, 2):
                if one & two:
                    islands.remove(one)
                    islands.remove(two)
                    islands.append(one | two)
                    changed = True
                    break
        return islands
