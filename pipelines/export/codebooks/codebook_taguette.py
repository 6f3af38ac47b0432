"""A codebook as a table that Taguette imports: one row per code, in a flat list.

In: a codebook. Out: CSV as Taguette's own export begins; it reads the first two columns, and the
third tells this program that it is such a file. Full stops tell what stands below
what, as people write tags there; the description has all that is said of a code.

Source: the import of codebooks of Taguette 1.5.2 (www.taguette.org), tried with that program. It
guesses how a file is encoded, so that a byte order mark stands at its beginning.
"""

from __future__ import annotations

import csv
import io
from typing import BinaryIO

from pipelines.export.neutralise import neutralise, xml_text
from pipelines.export.options import CodebookOptions
from workbench.domain.codebook import Codebook
from workbench.domain.refi_descriptions import CodeWords, describe_code
from workbench.errors import ExportError

HEADER = ("tag", "description", "number of highlights")
MAX_TAG = 200
"""Characters of a tag that Taguette takes; a longer one would stop the whole import."""


def write_codebook_taguette(stream: BinaryIO, codebook: Codebook, options: CodebookOptions) -> None:
    """Write a header and a row per code; raises ExportError where a tag would be too long."""
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
    writer = csv.writer(text)
    writer.writerow(HEADER)
    for path, code in codebook.walk():
        tag = ".".join(" ".join(name.split()) for name in path)
        if len(tag) > MAX_TAG:
            raise ExportError(
                f"'{tag[:60]}…' has {len(tag)} characters as a tag, and Taguette takes {MAX_TAG}. "
                "Shorten the names of this code and of those above it."
            )
        words = CodeWords(code.definition, code.include, code.exclude, code.examples, code.cues,
                          code.rests_on)  # fmt: skip
        cells = [neutralise(xml_text(cell)) for cell in (tag, describe_code(words))]
        n_codings = "" if options.counts is None else options.counts.get(path, 0)
        writer.writerow([*cells, n_codings])
    text.flush()
    text.detach()
