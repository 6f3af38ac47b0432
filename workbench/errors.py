"""Every error that the workbench raises on purpose.

    WorkbenchError
    ├── InputError(source, line, hint)     what a person gave cannot be used as it is
    │   ├── SurveyError                    a survey file or its mapping
    │   │   └── NoRows                     a table with a header and nothing below it
    │   ├── CodebookError                  a codebook file or a change to the codebook
    │   ├── CodingError                    a coding that does not fit its text or its code
    │   │   └── DraftError                 words that nobody has checked by ear
    │   ├── RefiError                      a REFI-QDA project or codebook
    │   │   └── SeveralProjects            a file with several, of which one must be chosen
    │   ├── AudioError                     a recording
    │   └── ModelError                     a speech recognition model
    ├── NotFound                           no such study, document, code, coder ...
    ├── NotAllowed                         this person may not do this here
    ├── StoreError                         the database
    │   ├── ConflictError                  somebody else changed it in the meantime
    │   └── SchemaOutOfDate                the database is older or newer than this program
    ├── ClusterError                       machines that transcribe together cannot be reached
    ├── MissingExtra                       an optional package is not installed
    └── ExportError                        an export could not be written

A message says where, what was found, what was expected and what to do.
"""

from __future__ import annotations


class WorkbenchError(Exception):
    """Base of all errors that may be shown to a person as they are."""


class InputError(WorkbenchError):
    """Something that a person gave cannot be used as it is.

    Parameters
    ----------
    message
        What was found and what was expected.
    source
        The file, as the person knows it.
    line
        The record or line, as a spreadsheet or an editor shows it (1 is the first).
    hint
        What to do about it.
    """

    def __init__(
        self,
        message: str,
        *,
        source: str | None = None,
        line: int | None = None,
        hint: str | None = None,
    ) -> None:
        self.message = message
        self.source = source
        self.line = line
        self.hint = hint
        super().__init__(str(self))

    def __str__(self) -> str:
        """Say where, what and what to do."""
        where = self.source or ""
        if self.line is not None:
            where = f"{where}, row {self.line}" if where else f"row {self.line}"
        text = f"{where}: {self.message}" if where else self.message
        return f"{text} {self.hint}" if self.hint else text


class SurveyError(InputError):
    """A survey file or its mapping cannot be read."""


class NoRows(SurveyError):
    """A table has a header and nothing below it: of codings, that is no fault."""


class CodebookError(InputError):
    """A codebook file, or a change to the codebook, breaks a rule of codebooks."""


class CodingError(InputError):
    """A coding does not fit its text, its code or its coder."""


class DraftError(CodingError):
    """Words that only a machine has heard are not to be coded, or not yet.

    `code` is "draft" where the person may agree to code them, "drafts_forbidden" where nobody may.
    """

    def __init__(self, message: str, *, code: str = "draft", hint: str | None = None) -> None:
        self.code = code
        super().__init__(message, hint=hint)


class RefiError(InputError):
    """A REFI-QDA project or codebook cannot be read, or must not be."""


class SeveralProjects(RefiError):
    """A file holds several projects, of which a person must choose one; `names` in their order."""

    def __init__(self, message: str, *, source: str, hint: str, names: tuple[str, ...]) -> None:
        super().__init__(message, source=source, hint=hint)
        self.names = names


class AudioError(InputError):
    """A recording cannot be read.

    `code` is one of: empty, not_media, no_audio, corrupt, too_long, too_large, not_finite.
    """

    def __init__(
        self,
        message: str,
        *,
        code: str = "corrupt",
        source: str | None = None,
        hint: str | None = None,
    ) -> None:
        self.code = code
        super().__init__(message, source=source, hint=hint)


class ModelError(InputError):
    """A speech recognition model is missing, damaged, or cannot do what is asked."""


class NotFound(WorkbenchError):
    """There is no such study, document, code or coder."""


class NotAllowed(WorkbenchError):
    """A person may not do this here."""


class StoreError(WorkbenchError):
    """The database cannot be used."""


class ConflictError(StoreError):
    """Somebody else has changed the same thing in the meantime."""


class GoneError(ConflictError):
    """What was to be brought back hangs on something that is gone for good."""


class SchemaOutOfDate(StoreError):
    """The database was written by an older or a newer program."""


class ClusterError(WorkbenchError):
    """The machines that were to transcribe together cannot be reached, or do not fit together."""


class MissingExtra(WorkbenchError):
    """An optional package is not installed."""


class ExportError(WorkbenchError):
    """An export could not be written."""
