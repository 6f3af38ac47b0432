"""Read the XML of REFI-QDA from its leaves to its root, with no tree of it in memory.

In: pieces of bytes. Out: what a builder made of the root. Elements are known by their local names,
whatever the namespace's version; their order does not matter. A document type is refused, so that
there are no entities; nothing is fetched.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

from lxml import etree

from workbench.domain.refi import MAX_CODE_DEPTH
from workbench.errors import RefiError

MAX_DEPTH = MAX_CODE_DEPTH + 20
"""Elements inside elements: codes, and what is around them."""

MAX_ELEMENTS = 5_000_000
"""A million codings have three million; each costs some 300 bytes of memory for a while."""


class Element:
    """An element that has been read: its attributes by local name, what was made of its children.

    `text` has the words directly in it.
    """

    __slots__ = ("attributes", "children", "pieces", "tag")

    def __init__(self, tag: str, attributes: dict[str, str]) -> None:
        self.tag = tag
        self.attributes = attributes
        self.children: list[tuple[str, Any]] = []
        self.pieces: list[str] = []

    @property
    def text(self) -> str:
        """The words directly in the element."""
        return "".join(self.pieces)

    def get(self, name: str) -> str:
        """Return an attribute, "" where it is missing."""
        return self.attributes.get(name, "")

    def all(self, *tags: str) -> list[Any]:
        """Return what was made of the children of these names, in order."""
        return [made for tag, made in self.children if tag in tags and made is not None]

    def first(self, tag: str) -> Any:
        """Return what was made of the first child of this name, None where there is none."""
        return next((made for name, made in self.children if name == tag), None)


Builder = Callable[[Element], Any]


class _Target:
    """Receives what the parser finds, and builds from the leaves."""

    def __init__(self, builders: Mapping[str, Builder], source: str) -> None:
        self.builders = builders
        self.source = source
        self.stack: list[Element] = []
        self.root: Any = None
        self.root_tag = ""
        self.unknown: Counter[str] = Counter()
        self._n_elements = 0

    def doctype(self, name: str, public: str, system: str) -> None:
        self._refuse(
            "the XML declares a document type, which REFI-QDA never has.",
            "Do not open it unless you trust where it comes from; export the project again.",
        )

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if len(self.stack) >= MAX_DEPTH:
            self._refuse(
                f"codes lie more than {MAX_CODE_DEPTH} deep.",
                "Put them higher up in the other program, and export again.",
            )
        self._n_elements += 1
        if self._n_elements > MAX_ELEMENTS:
            self._refuse(
                f"the XML has more than {MAX_ELEMENTS:,} elements.",
                "Export parts of the project one by one.",
            )
        plain = {_local(name): value for name, value in attributes.items()}
        self.stack.append(Element(_local(tag), plain))

    def data(self, text: str) -> None:
        if self.stack:
            self.stack[-1].pieces.append(text)

    def end(self, tag: str) -> None:
        element = self.stack.pop()
        builder = self.builders.get(element.tag)
        made = None
        if builder is None:
            self.unknown[element.tag] += 1
        else:
            made = builder(element)
        if self.stack:
            self.stack[-1].children.append((element.tag, made))
            if self.stack[-1].tag not in TEXTS:
                self.stack[-1].pieces.clear()
        else:
            self.root, self.root_tag = made, element.tag

    def close(self) -> None:
        return None

    def _refuse(self, message: str, hint: str) -> None:
        raise RefiError(message, source=self.source, hint=hint)


TEXTS = frozenset(
    ("Description", "PlainTextContent", "TextValue", "BooleanValue", "IntegerValue", "FloatValue",
     "DateValue", "DateTimeValue")
)  # fmt: skip
"""Elements whose words matter."""


def read_xml(
    pieces: Iterable[bytes], builders: Mapping[str, Builder], source: str
) -> tuple[str, Any, Counter[str]]:
    """Build a value from XML.

    Parameters
    ----------
    builders
        By local name, what makes a value of an element whose children are already values.

    Returns
    -------
    tuple of str, object and Counter
        The root's local name, what was made of it, and how often unknown elements came.

    Raises
    ------
    RefiError
        When the XML is malformed, declares a document type, or is nested too deep.
    """
    target = _Target(builders, source)
    parser = etree.XMLParser(
        target=target,
        resolve_entities="internal",  # the five of XML itself: others need a document type
        load_dtd=False,
        dtd_validation=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        for piece in pieces:
            parser.feed(piece)
        parser.close()
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise _malformed(error, source) from error
    return target.root_tag, target.root, target.unknown


def _malformed(error: Exception, source: str) -> RefiError:
    line = getattr(error, "lineno", None) or None
    found = str(error).split(", line ")[0][:120]
    if "xcessive depth" in found:
        return RefiError(
            f"codes lie more than {MAX_CODE_DEPTH} deep.",
            source=source,
            hint="Put them higher up in the other program, and export again.",
        )
    where = f" at line {line}" if line else ""
    return RefiError(
        f"the XML of the project is damaged{where}: {found}.",
        source=source,
        hint="Export the project again.",
    )


@lru_cache(maxsize=512)
def _local(name: str) -> str:
    return name.rpartition("}")[2].rpartition(":")[2]
