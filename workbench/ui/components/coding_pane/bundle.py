"""One ES module out of the coding pane's files, without a build step.

In: the `.js` and `.css` files beside this one. Out: the text of one module with a default export,
as `st.components.v2.component(js=...)` takes it. The files keep to a small part of the language of
modules (named imports from "./name.js", `export` before a declaration); whatever goes beyond it is
refused here, loudly, instead of failing in somebody's browser.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).parent
SHARED = FOLDER.parent / "pane_parts"
"""What several panes use, and the coding pane does not."""
ENTRY = "mount.js"
DELTA = "delta.js"
STYLE = "pane.css"

_IMPORT = re.compile(r'^import\s*\{([^}]*)\}\s*from\s*"\./([\w-]+\.js)";[ \t]*$', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async function|function|class|const|let) )", re.MULTILINE)
_DEFAULT = re.compile(r"^export default (?=function \w+\()", re.MULTILINE)
_TOP_LEVEL = re.compile(
    r"^(?:export )?(?:default )?(?:async )?(?:function|class|const|let|var) (\S+)", re.MULTILINE
)
_EXPORTED = re.compile(r"^export (?:async )?(?:function|class|const|let) ([\w$]+)", re.MULTILINE)
_NAME = re.compile(r"[\w$]+")
_LEFT_OVER = re.compile(r"^\s*(?:import|export)\b.*|\bimport\s*\(.*", re.MULTILINE)
_COMMENT = re.compile(
    r"^[ \t]*(?://.*|/\*\*?[^\n]*?(?:\*/|\n(?:[ \t]*\*[^\n]*\n)*?[ \t]*\*/))[ \t]*\n",
    re.MULTILINE,
)


class BundleError(Exception):
    """A file of the pane uses something that the bundler does not handle."""


def _imports(name: str, source: str) -> dict[str, list[str]]:
    """Map each imported file to the names taken from it."""
    found: dict[str, list[str]] = {}
    for names, target in _IMPORT.findall(source):
        wanted = [part.strip() for part in names.split(",") if part.strip()]
        for part in wanted:
            if not _NAME.fullmatch(part):
                raise BundleError(f"{name}: cannot import {part!r}: only plain names are handled.")
        found.setdefault(target, []).extend(wanted)
    return found


def _read(folder: Path, name: str) -> str:
    """Read a file of a folder, or the one of this name that components share."""
    places = (folder, FOLDER, SHARED)
    place = next((place for place in places if (place / name).exists()), folder)
    try:
        return (place / name).read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise BundleError(f"{name}: there is no such file in {folder}.") from error


def _ordered(folder: Path, entry: str) -> dict[str, str]:
    """Return the sources by file name, every file after the files that it imports."""
    done: dict[str, str] = {}

    def visit(name: str, above: tuple[str, ...]) -> None:
        if name in above:
            circle = " -> ".join((*above, name))
            raise BundleError(f"{circle}: files import each other in a circle.")
        if name in done:
            return
        source = _read(folder, name)
        for target, wanted in _imports(name, source).items():
            visit(target, (*above, name))
            missing = set(wanted) - set(_EXPORTED.findall(done[target]))
            if missing:
                raise BundleError(f"{name}: {target} does not export {', '.join(sorted(missing))}.")
        done[name] = source

    visit(entry, ())
    return done


def _check_names(sources: dict[str, str]) -> None:
    """One scope holds all files in the end, so no top-level name may be there twice."""
    owner: dict[str, str] = {}
    for name, source in sources.items():
        for declared in _TOP_LEVEL.findall(source):
            found = _NAME.match(declared)
            if found is None:
                raise BundleError(f"{name}: {declared!r}: declare top-level names one by one.")
            if found[0] in owner:
                other = owner[found[0]]
                raise BundleError(f"{name}: {found[0]!r} is declared in {other} already.")
            owner[found[0]] = name


def _strip(name: str, source: str, *, is_entry: bool) -> str:
    """Take away what belongs to single files: imports, exports, comments on lines of their own."""
    if any(line.count("`") % 2 for line in source.splitlines()):
        raise BundleError(f"{name}: a template string over several lines is not handled.")
    code = _EXPORT.sub("", _IMPORT.sub("", _COMMENT.sub("", source)))
    defaults = len(_DEFAULT.findall(code))
    if defaults != int(is_entry):
        raise BundleError(
            f"{name}: {defaults} default exports of a named function; "
            f"{'the entry has one' if is_entry else 'only the entry has one'}."
        )
    left = _LEFT_OVER.search(_DEFAULT.sub("", code))
    if left:
        raise BundleError(f"{name}: {left[0].strip()!r} is not handled.")
    return re.sub(r"\n{2,}", "\n", code).strip() + "\n"


def bundle_folder(folder: Path, entry: str = ENTRY) -> str:
    """Join the files that `entry` needs into one module.

    Parameters
    ----------
    folder
        Where the files lie; they import each other, and the pane's own, as "./name.js".
    entry
        The file whose default export becomes the module's.

    Returns
    -------
    str
        One ES module, every declaration after those that it imports.

    Raises
    ------
    BundleError
        When a file is missing, files import each other in a circle, a name is declared twice, a
        name is imported that is not exported, or a form of import or export is not handled.
    """
    sources = _ordered(folder, entry)
    _check_names(sources)
    return "".join(_strip(name, code, is_entry=name == entry) for name, code in sources.items())


@lru_cache(maxsize=1)
def bundle() -> str:
    """Return the pane as one module: what the workspace mount carries."""
    return bundle_folder(FOLDER)


@lru_cache(maxsize=1)
def delta_script() -> str:
    """Return the few lines of the delta mount, which go out with every coding."""
    return bundle_folder(FOLDER, DELTA)


@lru_cache(maxsize=1)
def style() -> str:
    """Return the pane's style sheet, without its comments."""
    text = _read(FOLDER, STYLE)
    bare = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return re.sub(r"\n{2,}", "\n", bare).strip() + "\n"
