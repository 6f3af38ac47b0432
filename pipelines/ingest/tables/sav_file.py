"""SPSS data files (.sav, .zsav).

In: an open file. Out: a `Grid` with the variables' names as header, their labels as the wording of
the questions and their values' labels in the cells. What the researcher has declared missing is
empty. The reading is done by `sav_worker`, in a process of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain

from pipelines.ingest.apart import Description, cells_of, description, lines_of
from pipelines.ingest.surveys.hints import ColumnHint
from pipelines.ingest.tables.records import Grid, ReadOptions, SourceFile, Table, assemble
from workbench.errors import SurveyError

MAX_SAV_BYTES = 256 * 1024**2
MAX_SAV_CELLS = 20_000_000
WORKER = "pipelines.ingest.tables.sav_worker"


def read_sav(file: SourceFile, options: ReadOptions) -> Grid:
    """Read a data file of SPSS.

    Raises
    ------
    SurveyError
        When it is damaged or too large, or it has no variables or no cases.
    """
    if file.size > MAX_SAV_BYTES:
        raise _too_large(file, f"has {file.size / 1024**2:,.0f} MiB")
    with lines_of(WORKER, file, options.encoding or "") as lines:
        about = _describe(lines, file)
        # the names are row 1, as in a spreadsheet
        cases = chain([about["names"]], cells_of(lines, _damaged(file)))
        table = assemble(enumerate(cases, 1), file.name)
    return _labelled(table, about).as_grid(file, "sav", warnings=_about_encoding(about))


def _describe(lines: Iterator[bytes], file: SourceFile) -> Description:
    about = description(lines, _damaged(file))
    n_columns, n_cases = len(about["names"]), about["n_cases"] or 0
    if n_columns * n_cases > MAX_SAV_CELLS:
        raise _too_large(file, f"holds {n_columns:,} variables of {n_cases:,} cases")
    return about


def _damaged(file: SourceFile) -> SurveyError:
    return SurveyError(
        "the SPSS file is damaged and cannot be read.",
        source=file.name,
        hint="Open it in SPSS or PSPP, save it again, or export it as CSV UTF-8.",
    )


def _too_large(file: SourceFile, what: str) -> SurveyError:
    return SurveyError(
        f"the SPSS file {what}, more than is read.",
        source=file.name,
        hint="Save the variables and cases that you need as a file of their own.",
    )


def _about_encoding(about: Description) -> tuple[str, ...]:
    if not about["encoding"]:
        return ()
    return (
        f"read as {about['encoding']}, because the texts are not in the encoding that the file "
        "names. Look at accented letters.",
    )


def _labelled(table: Table, about: Description) -> Table:
    """Add the variables' labels as wordings, and what value labels and sets say of the columns."""
    n_columns = len(table.header)
    before = table.texts or ("",) * n_columns
    texts = tuple(mine or theirs for mine, theirs in zip(about["texts"], before, strict=False))
    hints = list(table.hints or (None,) * n_columns)
    for at, hint in _of_sets(about, texts):
        hints[at] = hints[at] or hint
    for at in range(n_columns):
        hints[at] = hints[at] or _of_labels(about["labels"][at], about["ordinal"][at])
    return replace(table, texts=texts, hints=tuple(hints))


def _of_labels(labels: Sequence[str], ordinal: bool) -> ColumnHint | None:
    """Propose an attribute where values have labels, in the order of the values."""
    if len(labels) < 2:
        return None
    return ColumnHint(
        "attribute",
        f"its {len(labels)} values have labels in the SPSS file",
        kind="ordered" if ordinal else "category",
        values=tuple(labels),
    )


def _of_sets(about: Description, texts: Sequence[str]) -> Iterator[tuple[int, ColumnHint]]:
    """Yield a hint for each variable of a multiple response set of ticks."""
    names = about["names"][: len(texts)]
    for each in about["sets"]:
        for variable in each["variables"]:
            if variable in names:
                at = names.index(variable)
                yield (
                    at,
                    ColumnHint(
                        "option",
                        f"an option of the multiple response set {each['ref']!r}",
                        ref=each["ref"],
                        question=each["question"] or each["ref"],
                        value=texts[at] or variable,
                    ),
                )
