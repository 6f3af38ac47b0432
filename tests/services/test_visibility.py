"""Blind coding: who sees whose codings, on every way out of the database."""

import pytest
from sqlalchemy import insert

from workbench.domain.codings import DocumentFilter
from workbench.services import codebook, exchange, extract_files, extracts, progress, reading
from workbench.services.summarise import summarise
from workbench.store.tables import assignment


@pytest.fixture
def blind(bench):
    """Give two people one document to code blindly; a third looks on."""
    document = bench.document("R1")
    ben, cy = bench.person("Ben"), bench.person("Cy")
    bench.code(document, "School", "She listened")
    bench.code(document, "School", "left", actor=ben)
    bench.code(document, "Phone", "to me", actor=ben)
    bench.code(bench.document("R2"), "Phone", "rang", actor=ben)
    with bench.database.write() as connection:
        for actor in (bench.actor, ben):
            connection.execute(
                insert(assignment).values(
                    document_id=document, coder_id=actor.id, blind=True, created_at="2022-01-01"
                )
            )
    return bench, document, ben, cy


def seen(bench, document, actor):
    """Count the codings that a person sees, on every way out: all must agree."""
    arguments = (actor, bench.database, bench.study_id)
    everywhere = DocumentFilter()
    coded = (document, bench.document("R2"))
    ways = {
        "export": len(exchange.export_codings(*arguments)),
        "usage": sum(codebook.usage(*arguments).values()),
        "extracts": extracts.find_extracts(*arguments, extracts.make_filter(*arguments))[1],
        "file": extract_files.extracts_file(
            *arguments, extracts.make_filter(*arguments), format="csv"
        ).decode("utf-8-sig").strip().count("\n"),
        "mentions": sum(row.mentions for row in summarise(*arguments).rows),
        "open": sum(len(bench.open(key, actor).codings) for key in coded),
        "changes": sum(
            len(reading.changes(*arguments, everywhere, key, since=0, version=0).codings)
            for key in coded
        ),
    }  # fmt: skip
    assert len(set(ways.values())) == 1, ways
    return ways["export"]


def test_each_sees_their_own_until_all_are_done(blind):
    bench, document, ben, cy = blind
    assert [seen(bench, document, who) for who in (bench.actor, ben, cy)] == [2, 3, 1]
    bench.done(document)
    assert [seen(bench, document, who) for who in (bench.actor, ben, cy)] == [2, 3, 1]
    bench.done(document, ben)
    assert [seen(bench, document, who) for who in (bench.actor, ben, cy)] == [4, 4, 4]
    bench.done(document, done=False)
    assert [seen(bench, document, who) for who in (bench.actor, ben, cy)] == [2, 3, 1]


def test_filters_and_layers_reveal_nothing(blind):
    bench, document, ben, _ = blind
    phone = bench.codes()["Phone"].id
    assert document not in {item.id for item in bench.documents(code_id=phone)}
    assert document in {item.id for item in bench.documents(ben, code_id=phone)}
    rows = summarise(bench.actor, bench.database, bench.study_id, layer="Ben", level="code").rows
    assert {row.theme: row.mentions for row in rows if row.mentions} == {
        "Access": 1, "Access / Phone": 1,
    }  # fmt: skip
    bench.ingest()
    people = progress.by_coder(bench.actor, bench.database, bench.study_id).people
    assert [item.n_codings for item in people] == [1, 1]


def test_an_identity_that_is_hidden_is_refused_and_not_a_crash(blind):
    bench, document, ben, _ = blind
    hidden = next(item.guid for item in bench.open(document, ben).codings
                  if item.coder_id == ben.id)  # fmt: skip
    outcome = bench.send({**bench.adding(document, "Waiting", "Then"), "coding": hidden})
    assert outcome.rejected[0].why == "this coding is there already."
    outcome = bench.send({"kind": "remove", "document": document, "coding": hidden})
    assert outcome.rejected[0].why == "this coding is not there any more."
