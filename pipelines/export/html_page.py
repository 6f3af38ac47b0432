"""The template and the style of the web page of extracts.

In: nothing. Out: a Jinja template, to be rendered with autoescape, and its style sheet.
"""

from __future__ import annotations

STYLE = """
:root {
  color-scheme: light dark;
  --page: #FBFAF7; --surface: #FFFFFF; --text: #1F2933; --quiet: #52606D;
  --line: #D9D5CC; --accent: #0B5C5C; --warning: #8A4B00;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #14181C; --surface: #1C2228; --text: #E8E6E1; --quiet: #A7B0B8;
    --line: #36404A; --accent: #6BC9BC; --warning: #E3A857;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 3rem 1.5rem 6rem; max-width: 48rem;
  background: var(--page); color: var(--text);
  font: 15px/1.5 "Source Sans 3", "Source Sans Pro", "Segoe UI", Helvetica, Arial, sans-serif;
  overflow-wrap: anywhere;
}
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .3rem; }
h2 { font-size: 1.4rem; margin: 3rem 0 0; color: var(--accent); }
h3 { font-size: 1.05rem; margin: 2rem 0 0; padding-inline-start: .6rem;
     border-inline-start: 5px solid var(--code, var(--accent)); }
a { color: var(--accent); }
header p, .count { margin: .1rem 0; color: var(--quiet); font-size: 14px; }
.note, .mark { color: var(--warning); }
nav { margin: 2rem 0 0; padding: 1rem 0; border-block: 1px solid var(--line); }
nav ul { margin: 0; padding: 0; list-style: none; }
nav li { display: flex; justify-content: space-between; gap: 1rem; }
nav span { color: var(--quiet); font-variant-numeric: tabular-nums; white-space: nowrap; }
figure { margin: 1rem 0 1.4rem; }
blockquote {
  margin: 0; padding: .9rem 1.1rem; max-width: 72ch; white-space: pre-wrap;
  background: var(--surface); border: 1px solid var(--line); border-radius: 4px;
  font: 17.5px/1.7 "Source Serif 4", "Source Serif Pro", Georgia, "Noto Naskh Arabic", serif;
}
blockquote .context { color: var(--quiet); }
figcaption { margin: .35rem 0 0; color: var(--quiet); font-size: 14px; }
.translation { margin: .35rem 0 0; font-size: 15px; color: var(--quiet); white-space: pre-wrap; }
.memo { margin: .35rem 0 0; font-size: 14px; white-space: pre-wrap; }
.memo b { color: var(--quiet); font-weight: 600; }
@media print {
  :root { --page: #FFF; --surface: #FFF; --text: #000; --quiet: #444; --line: #BBB;
          --accent: #0B5C5C; --warning: #6B3A00; color-scheme: light; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  blockquote { font-size: 11pt; border: 0; padding: 0; }
  h2, h3, .count { break-after: avoid; }
  figure { break-inside: avoid; }
  nav { display: none; }
}
"""

PAGE = """\
<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{{ options.title }}{% if options.study %} · {{ options.study }}{% endif %}</title>
<style>{{ style }}</style>
</head>
<body>
<header>
<h1 dir="auto">{{ options.title }}</h1>
{% for line in [options.study, options.generated_at, counts] if line %}
<p dir="auto">{{ line }}</p>
{% endfor %}
{% for note in options.notes %}
<p class="note" dir="auto">{{ note }}</p>
{% endfor %}
</header>
{% if themes | length > 1 %}
<nav aria-label="Themes">
<ul>
{% for theme in themes %}
<li><a href="#theme-{{ loop.index }}" dir="auto">{{ theme.name }}</a>\
<span>{{ theme.counts }}</span></li>
{% endfor %}
</ul>
</nav>
{% endif %}
<main>
{% for theme in themes %}
<section id="theme-{{ loop.index }}">
{% if theme.name %}
<h2 dir="auto">{{ theme.name }}</h2>
<p class="count">{{ theme.counts }}</p>
{% endif %}
{% for code in theme.codes %}
{% if code.name %}
<h3 dir="auto" style="--code: {{ safe_colour(code.colour) }}">{{ code.name }}</h3>
<p class="count">{{ code.counts }}</p>
{% endif %}
{% for extract in code.extracts %}
<figure>
<blockquote dir="auto">\
{% if options.context and extract.before %}\
<span class="context">{{ extract.before.lstrip() }}</span>{% endif %}\
<span class="quote">{{ extract.told_on if options.context else extract.told }}</span>\
{% if options.context and extract.after %}\
<span class="context">{{ extract.after.rstrip() }}</span>{% endif %}\
</blockquote>
<figcaption dir="auto">{{ attribution(extract) }}\
{% for mark in extract.marks %} <span class="mark">[{{ mark }}]</span>{% endfor %}</figcaption>
{% if extract.translation %}
<p class="translation" dir="auto"><span class="mark">[{{ extract.translation_status }}]</span> \
{{ extract.translation }}</p>
{% endif %}
{% if options.memos and extract.memo %}
<p class="memo" dir="auto"><b>Memo ({{ extract.coder }}):</b> {{ extract.memo }}</p>
{% endif %}
</figure>
{% endfor %}
{% endfor %}
</section>
{% endfor %}
</main>
</body>
</html>
"""
