"""An extract: the words that a coding covers, with what a reader needs to place them.

In: what the store reads for a filter. Out: values that the extracts page shows and exports write.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Extract:
    """One coding with its words.

    `start` and `end` are code points of the document's text, both None for a coding of the whole
    document. `attributes` holds only attributes that may leave the database, in the order in which
    they are to be shown. `marks` are short warnings that go with the quote wherever it goes, such
    as "machine draft".
    """

    guid: str
    code_path: tuple[str, ...]
    quote: str
    document_id: int
    document: str
    coder: str
    created_at: str
    respondent: str = ""
    question_ref: str = ""
    question: str = ""
    speaker: str = ""
    start: int | None = None
    end: int | None = None
    before: str = ""
    after: str = ""
    memo: str = ""
    colour: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    marks: tuple[str, ...] = ()

    @property
    def theme(self) -> str:
        """The top-level code that this extract belongs to."""
        return self.code_path[0]
