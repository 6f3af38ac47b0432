"""Who may not be quoted in a discussion: nowhere in what authors of reports see or take along."""

import io
import re
import zipfile

import pytest
from sqlalchemy import insert, update

from pipelines.ingest.discussions.speech import SpeechFile
from workbench.domain.codings import DocumentFilter
from workbench.domain.memos import MemoFilter
from workbench.domain.turns import Turn
from workbench.services import study as studies
from workbench.services.coding import exchange, extract_files, extracts, star
from workbench.services.counting import progress
from workbench.services.discussions import focus_groups
from workbench.services.discussions.focus_groups import SpeakerPlan
from workbench.services.memos import memo_files, memos
from workbench.services.surveys import respondents
from workbench.services.trail import methods
from workbench.store.tables import assignment, respondent

TURNS = [
    ("Lead", "Who wants to begin?", 0),
    ("A", "We waited for apples.", 4_000),
    ("B", "They sent berries, secretly.", 754_900),
    ("A", "Then nothing came.", 760_000),
    ("C", "Cherries were gone.", 765_000),
    ("", "Somebody coughed.", 770_000),
]
PLANS = [
    SpeakerPlan("Lead", ("Lead",), "facilitator"),
    *(SpeakerPlan(name, (name,), respondent=f"R{at}") for at, name in enumerate("ABC", 1)),
]
SECRET = ("berries", "secretly")


def study(bench):
    return bench.actor, bench.database, bench.study_id


@pytest.fixture
def group(bench):
    """A group in which R1 may be quoted, R2 not, and R3 was not asked."""
    speech = SpeechFile("g.vtt", tuple(Turn(who, words, at) for who, words, at in TURNS), "voices")
    key = focus_groups.ingest_transcript(*study(bench), speech, PLANS, name="FG1").document_id
    for words in ("waited for apples", "sent berries", "apples.\n\nThey sent", "nothing came.",
                  "came.\n\nCherries", "begin?\n\nWe", "coughed"):  # fmt: skip
        bench.code(key, "Waiting", words)
    set_person(bench, "R2", may_be_quoted=False)
    return key


def set_person(bench, ref, **values):
    with bench.database.write() as connection:
        connection.execute(update(respondent).where(respondent.c.ref == ref).values(**values))
    extracts.forget_counts(bench.database)


def found(bench, **options):
    where = extracts.make_filter(*study(bench), **options)
    return [item.extract for item in extracts.list_extracts(*study(bench), where)]


def test_an_extract_of_a_discussion_says_who_speaks_and_when(bench, group):
    shown = {
        item.quote: (item.speaker, item.people, item.time, item.attributes.get("age"))
        for item in found(bench)
    }
    assert shown == {
        "waited for apples": ("A", ("R1",), "0:00:04", "young"),
        "sent berries": ("B", ("R2",), "0:12:34", "old"),
        "apples.\n\nThey sent": ("A, B", ("R1", "R2"), "0:00:04", None),
        "nothing came.": ("A", ("R1",), "0:12:40", "young"),
        "came.\n\nCherries": ("A, C", ("R1", "R3"), "0:12:40", None),
        "begin?\n\nWe": ("Lead, A", ("R1",), "0:00:00", None),
        "coughed": ("", (), "0:12:50", None),
    }


def test_an_extract_of_several_speakers_says_who_says_what(bench, group):
    told = {item.quote: item.told for item in found(bench)}
    assert {quote: words for quote, words in told.items() if quote != words} == {
        "apples.\n\nThey sent": "[A] apples.\n\n[B] They sent",
        "came.\n\nCherries": "[A] came.\n\n[C] Cherries",
        "begin?\n\nWe": "[Lead] begin?\n\n[A] We",
    }
    where = extracts.make_filter(*study(bench))
    for kind in ("csv", "html", "xlsx", "docx"):
        data = extract_files.extracts_file(*study(bench), where, format=kind)
        words = data.decode() if kind in ("csv", "html") else words_in(data)
        alone = kind in ("csv", "xlsx")  # there a cell of its own holds the words before
        assert ("[A] came." in words) == alone and "[C] Cherries" in words, kind
        assert "[B]" not in words, "nor who says what is withheld"


def test_words_around_a_quote_say_who_else_speaks(bench, group):
    bench.code(group, "Waiting", "We waited for apples.")
    bench.code(group, "Waiting", "Cherries were gone.")
    around = {item.quote: (item.before, item.after) for item in found(bench)}
    assert around == {
        "waited for apples": ("[Lead] Who wants to begin?\n\n[A] We ", ".\n\n"),
        "We waited for apples.": ("[Lead] Who wants to begin?\n\n[A] ", "\n\n"),
        "sent berries": (
            "[Lead] Who wants to begin?\n\n[A] We waited for apples.\n\n[B] They ",
            ", secretly.\n\n[A] Then nothing came.\n\n[C] Cherries were gone.\n\n"
            "[not known who] Somebody coughed.",
        ),
        "apples.\n\nThey sent": (
            "[Lead] Who wants to begin?\n\n[A] We waited for ",
            " berries, secretly.\n\n[A] Then nothing came.\n\n[C] Cherries were gone.\n\n"
            "[not known who] Somebody coughed.",
        ),
        "nothing came.": (
            "\n\nThen ",
            "\n\n[C] Cherries were gone.\n\n[not known who] Somebody coughed.",
        ),
        "came.\n\nCherries": (
            "\n\n[A] Then nothing ", " were gone.\n\n[not known who] Somebody coughed.",
        ),
        "Cherries were gone.": (
            "\n\n[A] Then nothing came.\n\n[C] ", "\n\n[not known who] Somebody coughed.",
        ),
        "begin?\n\nWe": ("[Lead] Who wants to ", " waited for apples.\n\n"),
        "coughed": (
            "\n\n[A] Then nothing came.\n\n[C] Cherries were gone.\n\n"
            "[not known who] Somebody ",
            ".",
        ),
    }  # fmt: skip
    where = extracts.make_filter(*study(bench))
    for kind in ("csv", "html", "xlsx", "docx"):
        data = extract_files.extracts_file(*study(bench), where, format=kind)
        words = data.decode() if kind in ("csv", "html") else words_in(data)
        assert "[Lead] Who wants to begin?" in words and "[not known who] Some" in words, kind
        assert "[B]" not in words and not any(word in words for word in SECRET), kind


def test_a_quote_from_the_middle_of_a_turn_names_its_first_speaker_once(bench, group):
    bench.code(group, "Waiting", "We waited for apples.")
    read = {item.quote: item.before + item.told_on for item in found(bench)}
    assert read["came.\n\nCherries"] == "\n\n[A] Then nothing came.\n\n[C] Cherries"
    assert read["begin?\n\nWe"] == "[Lead] Who wants to begin?\n\n[A] We"
    assert read["nothing came."] == "\n\nThen nothing came."
    where = extracts.make_filter(*study(bench))
    for context, said in ((True, "Then nothing came."), (False, "came.")):
        page = extract_files.extracts_file(
            *study(bench), where, format="html", context=context
        ).decode()
        plain = re.sub(r"<[^>]+>", "", page)
        assert f"[A] {said}\n\n[C] Cherries" in plain
        assert context or "Then nothing" not in plain
        data = extract_files.extracts_file(*study(bench), where, format="docx", context=context)
        runs = re.sub(r"<[^>]+>", "", words_in(data))
        assert f"[A] {said}" in runs


def test_one_speaker_who_may_not_be_quoted_withholds_the_quote(bench, group):
    marked = {item.quote for item in found(bench) if item.marks}
    assert marked == {"sent berries", "apples.\n\nThey sent"}
    for item in found(bench):
        if not item.marks:  # nor does what stands around other words carry theirs
            assert not any(word in item.before + item.after for word in SECRET), item
    where = extracts.make_filter(*study(bench))
    counts = extracts.count_extracts(*study(bench), where)
    assert (counts.n_extracts, counts.n_unquotable) == (7, 2)
    assert {item.quote for item in found(bench, quotable_only=True)} == {
        item.quote for item in found(bench)
    } - marked


def everywhere(bench, group):
    """Write everything that shows quotes: each as text."""
    where = extracts.make_filter(*study(bench), documents=DocumentFilter(session_id=group))
    for kind in ("csv", "html"):
        yield extract_files.extracts_file(*study(bench), where, format=kind).decode()
    for kind in ("xlsx", "docx"):
        yield words_in(extract_files.extracts_file(*study(bench), where, format=kind))
    yield str(exchange.export_codings(*study(bench)))
    for kind in ("csv", "md"):
        yield memo_files.memos_file(*study(bench), MemoFilter(), format=kind).content.decode()


def words_in(data):
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return "".join(packed.read(name).decode(errors="replace") for name in packed.namelist())


def note(bench, group):
    """Quote the secret words in every kind of note about them."""
    bench.send({"kind": "memo", "document": group, "coding": coding(bench, "sent berries"),
                "text": "cf. berries"})  # fmt: skip
    memos.write_on_document(*study(bench), group, "a group about berries")
    star.set_star(*study(bench), coding(bench, "sent berries"))


def coding(bench, quote):
    where = extracts.make_filter(*study(bench))
    items = extracts.list_extracts(*study(bench), where)
    return next(item.coding_guid for item in items if item.extract.quote == quote)


@pytest.mark.parametrize("how", ["refused", "withdrawn"])
def test_no_file_has_words_that_may_not_be_quoted(bench, group, how):
    note(bench, group)
    assert any(word in item.quote for item in found(bench) for word in SECRET)
    if how == "withdrawn":
        set_person(bench, "R2", may_be_quoted=None, withdrawn_at="2024-01-01")
        assert not any(word in str(item) for item in found(bench) for word in SECRET)
    texts = list(everywhere(bench, group))
    assert any("nothing came" in item for item in texts)
    for item in texts:
        assert not any(word in item for word in SECRET), item
    where = extracts.make_filter(*study(bench))
    data = extract_files.extracts_file(
        *study(bench), where, format="csv", include_withheld=True
    ).decode()  # fmt: skip
    assert ("sent berries" in data) == (how == "refused"), "who has withdrawn is quoted nowhere"


def test_a_coding_to_be_placed_again_is_taken_for_everybodys(bench, group):
    speech = SpeechFile("g.vtt", tuple(
        Turn(who, "Quite another thing, altogether." if "nothing" in words else words, at)
        for who, words, at in TURNS
    ), "voices")  # fmt: skip
    report = focus_groups.ingest_transcript(*study(bench), speech, PLANS, name="FG1")
    assert report.codings_flagged
    lost = found(bench, flagged_only=True)
    assert all("not to be quoted" in item.marks for item in lost)
    where = extracts.make_filter(*study(bench), flagged_only=True)
    counts = extracts.count_extracts(*study(bench), where)
    assert counts.n_unquotable == len(lost) == report.codings_flagged
    assert not found(bench, flagged_only=True, quotable_only=True)


def test_a_respondent_is_read_with_what_they_said_in_groups(bench, group):
    keys = {item.ref: item.id for item in respondents.list_respondents(
        *study(bench), respondents.RespondentFilter())}  # fmt: skip
    found = respondents.open_respondent(*study(bench), keys["R1"])
    (said,) = found.discussions
    assert (said.name, said.n_turns, said.n_words) == ("FG1", 2, 7)
    assert [(turn.text, turn.start_ms) for turn in said.turns] == [
        ("We waited for apples.", 4_000), ("Then nothing came.", 760_000),
    ]  # fmt: skip
    assert len(found.marks[group]) == 7
    short = respondents.open_respondent(*study(bench), keys["R1"], characters=5)
    assert [turn.text for turn in short.discussions[0].turns] == ["We waited for apples."]
    assert respondents.open_respondent(*study(bench), keys["R4"]).discussions == ()


def test_the_appendix_says_who_spoke_in_groups_and_who_is_not_counted(bench, group):
    set_person(bench, "R3", withdrawn_at="2024-01-01")
    made = methods.methods_appendix(*study(bench))
    text = " ".join(line for part in made.sections for line in part.paragraphs)
    assert "In 1 focus group with 20 words, 2 respondents spoke." in text
    assert "What 1 facilitator said is not counted." in text
    assert "1 turn is linked to no respondent" in text


def test_a_group_that_speaks_in_a_discussion_has_it_to_read(bench, group):
    attribute = next(item for item in studies.list_attributes(*study(bench))
                     if item.name == "group")  # fmt: skip
    answers = {item.value: item.reading.total - (item.value != "Not stated")
               for item in progress.by_group(*study(bench), attribute.id).groups}  # fmt: skip
    assert answers == {"Roma": 3, "Irish": 2, "Not stated": 2}, "R4 speaks in no group"
    bench.done(group)
    done = {item.value: item.reading.done
            for item in progress.by_group(*study(bench), attribute.id).groups}  # fmt: skip
    assert done == {"Roma": 1, "Irish": 1, "Not stated": 0}


def test_a_memo_on_who_speaks_is_hidden_while_their_discussion_is_coded_blind(bench, group):
    ben = bench.person("Ben")
    keys = {item.ref: item.id for item in respondents.list_respondents(
        *study(bench), respondents.RespondentFilter())}  # fmt: skip
    for ref in ("R1", "R4"):
        memos.write_on_respondent(ben, bench.database, bench.study_id, keys[ref], f"on {ref}")
    with bench.database.write() as connection:
        for actor in (bench.actor, ben):
            connection.execute(insert(assignment).values(
                document_id=group, coder_id=actor.id, blind=True, created_at="2022-01-01"
            ))  # fmt: skip
    seen = [len(respondents.open_respondent(*study(bench), keys[ref]).memos)
            for ref in ("R1", "R4")]  # fmt: skip
    assert seen == [0, 1]


def test_a_quote_names_no_respondent_who_has_withdrawn(bench, group):
    both = "apples.\n\nThey sent"
    with bench.database.write() as connection:
        connection.execute(update(respondent).where(respondent.c.ref == "R2").values(ref="KX-2"))
    assert [item.people for item in found(bench) if item.quote == both] == [("R1", "KX-2")]
    set_person(bench, "KX-2", may_be_quoted=None, withdrawn_at="2024-01-01")
    assert {ref for item in found(bench) for ref in item.people} == {"R1", "R3"}
    assert not any("KX-2" in text for text in everywhere(bench, group))


def test_a_memo_on_a_coding_that_was_removed_stays_as_closed_as_its_words(bench, group):
    note(bench, group)
    guid = coding(bench, "sent berries")
    bench.send({"kind": "remove", "document": group, "coding": guid})
    made = memo_files.memos_file(*study(bench), MemoFilter(), format="csv")
    assert not any(word in made.content.decode() for word in SECRET)
