"""A codebook as one web page that needs nothing else: no scripts, no fonts, nothing to fetch.

In: a codebook. Out: HTML for reading, in light and dark, and for printing; it reads back as the
same codebook, by the names of the fields in `data-` attributes.
"""

from __future__ import annotations

from typing import BinaryIO

from pipelines.export.codebooks.codebook_words import (
    example_text,
    in_words,
    short_list,
    source_text,
)
from pipelines.export.extracts_html import safe_colour
from pipelines.export.html_page import STYLE
from pipelines.export.neutralise import xml_text
from pipelines.export.options import CodebookOptions
from workbench.domain.codebook import Codebook
from workbench.domain.codebook_file import LABELS, LISTS

MORE_STYLE = """
section.code { margin-inline-start: calc((var(--level) - 1) * 1rem); }
h2, h3, h4, h5, h6 { padding-inline-start: .6rem;
  border-inline-start: 5px solid var(--code, var(--line)); }
h4, h5, h6 { font-size: 1rem; margin: 1.6rem 0 0; }
dl { margin: .5rem 0 0; }
dt { margin: .5rem 0 0; color: var(--quiet); font-size: 14px; }
dd { margin: 0; white-space: pre-wrap; max-width: 72ch; }
dd.example { font: 16px/1.6 "Source Serif 4", Georgia, "Noto Naskh Arabic", serif; }
.about { white-space: pre-wrap; margin: 1.2rem 0 0; }
@media print { h2, h3, h4, h5, h6, dt { break-after: avoid; } }
"""

PAGE = """\
<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{{ book.name }}</title>
<style>{{ style }}</style>
</head>
<body>
<header>
<h1 dir="auto" data-about="codebook">{{ book.name }}</h1>
{% for line in [options.study, options.generated_at, counts] if line %}
<p dir="auto">{{ line }}</p>
{% endfor %}
{% if book.version %}
<p>Version <span data-about="version">{{ book.version }}</span></p>
{% endif %}
{% if book.language %}
<p>Language <span data-about="language">{{ book.language }}</span></p>
{% endif %}
</header>
{% if book.description %}
<div class="about" dir="auto" data-about="description">{{ book.description }}</div>
{% endif %}
<main>
{% for path, code in book.walk() %}
{% set level = path | length %}
{% set tag = "h" ~ [level + 1, 6] | min %}
<section class="code" style="--level: {{ level }}">
<{{ tag }} dir="auto" data-level="{{ level }}"\
{% if code.colour %} style="--code: {{ safe_colour(code.colour) }}"{% endif %}>\
{{ code.name }}</{{ tag }}>
<dl>
{% if options.counts is not none %}
<dt>Codings</dt><dd>{{ "{:,}".format(options.counts.get(path, 0)) }}</dd>
{% endif %}
{% for name, label, texts in fields(code) %}
<dt>{{ label }}</dt>
{% for text in texts %}
<dd dir="auto"{% if name == "examples" %} class="example"{% endif %} \
data-field="{{ name }}">{{ text }}</dd>
{% endfor %}
{% endfor %}
</dl>
</section>
{% endfor %}
{% if book.sources %}
<section>
<h2>Sources</h2>
{% for source in book.sources %}
<p class="about" dir="auto" data-about="sources">{{ source_text(source) }}</p>
{% endfor %}
</section>
{% endif %}
</main>
</body>
</html>
"""


def write_codebook_html(stream: BinaryIO, codebook: Codebook, options: CodebookOptions) -> None:
    """Write the page. Every text is escaped; none of it can become markup or style."""
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup

    page = Environment(
        autoescape=True,
        finalize=lambda value: xml_text(value) if type(value) is str else value,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    ).from_string(PAGE)
    pieces = page.stream(
        style=Markup(STYLE + MORE_STYLE),
        options=options,
        book=codebook,
        counts=in_words(codebook),
        fields=_fields,
        source_text=source_text,
        safe_colour=safe_colour,
    )
    pieces.enable_buffering(500)
    pieces.dump(stream, encoding="utf-8")


def _fields(code: object) -> list[tuple[str, str, list[str]]]:
    """List (name, label, paragraphs) of the fields of a code that hold anything."""
    found = []
    for name, label in LABELS.items():
        value = getattr(code, name)
        if not value:
            continue
        if name == "examples":
            found.append((name, label, [example_text(item) for item in value]))
        else:
            found.append((name, label, [short_list(value) if name in LISTS else value]))
    return found
