"""What a survey tool's layout says: it wins, and the cells settle what it leaves open."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.ingest.surveys.hints import ColumnHint, Exclusion
from pipelines.ingest.surveys.proposal import ColumnProposal
from pipelines.ingest.surveys.roles import propose
from pipelines.ingest.surveys.survey import read_survey
from pipelines.ingest.tables.grid import read_grid
from pipelines.ingest.tables.records import Grid

HINTS = {
    "ResponseId": ColumnHint("respondent id", "the tool's number of the response"),
    "End": ColumnHint("submitted at", "when it was handed in"),
    "Status": ColumnHint("ignore", "a column of the tool"),
    "Q1_1": ColumnHint("option", "an option of Q1", "Q1", "Which services?", "Housing"),
    "Q1_2": ColumnHint("option", "an option of Q1", "Q1", "Which services?", "Money"),
    "Q1_TEXT": ColumnHint("open answer", "the text beside an option", "Q1_TEXT"),
    "Q2": ColumnHint("attribute", "one choice", "Q2", kind="ordered"),
    "Q3": ColumnHint("attribute", "a choice"),
    "Q4": ColumnHint("voice note file", "a recording", "Q4", "Tell us aloud"),
    "Q5": ColumnHint("open answer", "a text field", "Q5"),
    "Q6": ColumnHint("open answer", "a text field", "Q6"),
    "Q7": ColumnHint("attribute", "one choice", "Q7"),
    "Q8": None,
}
TEXTS = {
    "Q1_TEXT": "Which services? Other",
    "Q2": "How often?",
    "Q3": "How old are you?",
    "Q5": "Why?",
    "Q6": "What is your name?",
    "Q7": "May we quote you?",
    "Q8": "What helped you most of all?",
}
ROW = (
    "R{n},2022-02-1{n},{status},{a},{b},{other},{often},{age},{n}.m4a,"
    "Call me {phone},Amina,{quote},the person who rang me back {n}"
)


def grid():
    rows = [
        ROW.format(
            n=n,
            status=["IP Address", "Survey Preview"][n == 3],
            a=["1", "-99"][n % 2],
            b=["", "1"][n % 2],
            other=["the church", ""][n % 2],
            often=["Never", "Often", "Sometimes"][n % 3],
            age=["18-24", "25-34"][n % 2],
            phone=["on 07700 900123", "some day"][n > 0],
            quote=["Yes", "No"][n % 2],
        )
        for n in range(6)
    ]
    table = read_grid("\n".join([",".join(HINTS), *rows]).encode(), "s.csv")
    return replace(
        table,
        tool="A tool",
        texts=tuple(TEXTS.get(name, "") for name in HINTS),
        hints=tuple(HINTS.values()),
        exclusions=(
            Exclusion("Status", ("Survey Preview",), "previews are left out"),
            Exclusion("gone", ("x",), "of a column that is not there"),
        ),
    )


def columns() -> dict[str, ColumnProposal]:
    return {column.column: column for column in propose(grid()).columns}


def test_hints_win_with_their_reasons() -> None:
    found = columns()
    assert {name: (c.role, c.reason) for name, c in found.items()} == {
        "ResponseId": ("respondent id", "the tool's number of the response"),
        "End": ("submitted at", "when it was handed in"),
        "Status": ("ignore", "a column of the tool; previews are left out"),
        "Q1_1": ("attribute", "an option of Q1"),
        "Q1_2": ("attribute", "an option of Q1"),
        "Q1_TEXT": ("open answer", "the text beside an option"),
        "Q2": ("attribute", "one choice"),
        "Q3": ("attribute", "a choice"),
        "Q4": ("voice note file", "a recording"),
        "Q5": (
            "open answer",
            "a text field; 1 cell holds an e-mail address or a telephone number",
        ),
        "Q6": ("identifying", "its name says that it names or reaches a person"),
        "Q7": ("may be quoted", "asks whether their words may be quoted; 'Yes' allows it"),
        "Q8": ("open answer", "median 7 words, 100 % different"),
    }
    assert found["Q2"].values == ("Never", "Sometimes", "Often")
    assert (found["Q3"].kind, found["Q3"].values) == ("ordered", ("18-24", "25-34"))


def test_hints_make_the_survey_that_one_expects() -> None:
    table = grid()
    result = read_survey(table, propose(table).to_mapping())
    assert [row.respondent_ref for row in result.rows] == ["R0", "R1", "R2", "R4", "R5"]
    assert result.excluded == {"Status is Survey Preview": 1}
    assert [(q.ref, q.text) for q in result.questions] == [
        ("Q1_TEXT", "Which services? Other"),
        ("Q5", "Why?"),
        ("Q8", "What helped you most of all?"),
        ("Q4", "Tell us aloud"),
    ]
    assert [(a.name, a.label, a.kind) for a in result.attributes] == [
        ("Q1", "Which services?", "multi"),
        ("Q2", "How often?", "ordered"),
        ("Q3", "How old are you?", "ordered"),
    ]
    first = result.rows[0]
    assert first.attributes == {"Q1": ("Housing",), "Q2": ("Never",), "Q3": ("18-24",)}
    assert (first.may_be_quoted, first.submitted_at) == (True, "2022-02-10")
    assert [answer.file_name for answer in first.answers if answer.kind == "spoken"] == ["0.m4a"]
    assert "Amina" not in repr(result)


names = st.text(st.sampled_from("aQ12_ /-[]?é"), max_size=6)
hints = st.builds(
    ColumnHint,
    role=st.sampled_from(
        ["attribute", "open answer", "option", "voice note file", "identifying", "ignore"]
    ),
    reason=st.just("a reason"),
    ref=st.sampled_from(["Q1", "Q2", "Q 1", "q1"]),
    question=names,
    value=names,
    kind=st.sampled_from([None, "category", "ordered", "number", "date", "multi"]),
    delimiter=st.sampled_from([None, ";", "\n"]),
)
cells = st.sampled_from(
    ["", "0", "1", "Yes", "a.m4a", "a;b", "18-24", "2022-02-14", "she listened to me at last", "é"]
)


@settings(deadline=None)
@given(st.lists(st.tuples(names, st.none() | hints, st.lists(cells, min_size=3, max_size=3)),
                min_size=1, max_size=7))  # fmt: skip
def test_any_hints_make_a_mapping_that_loses_no_column(columns) -> None:
    header = tuple(f"{name.strip()}{at}" for at, (name, _, _) in enumerate(columns))
    rows = tuple((n + 2, (f"R{n}", *(c[2][n] for c in columns))) for n in range(3))
    table = Grid(
        "s", "csv", "", ("respondent_id", *header), rows,
        texts=("", *("" for _ in columns)),
        hints=(ColumnHint("respondent id", "its id"), *(hint for _, hint, _ in columns)),
    )  # fmt: skip
    proposal = propose(table)
    mapping = proposal.to_mapping()
    named = {column for _, column in (*mapping.used_columns(), *mapping.answer_columns())}
    assert {*named, *mapping.ignore, *mapping.identifying} == {"respondent_id", *header}
    result = read_survey(table, mapping)
    assert len(result.rows) + result.n_excluded == 3
