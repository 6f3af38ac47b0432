"""Texts to measure with: the same words every time, in several scripts, nobody's own.

In: sizes and a seed. Out: answers, a long transcript, and a survey as CSV.
"""

from __future__ import annotations

import csv
import io
import random
from dataclasses import dataclass

WORDS = (
    "advice", "again", "answer", "appointment", "asked", "because", "before", "brother", "call",
    "carer", "centre", "child", "clinic", "community", "council", "daughter", "different",
    "doctor", "door", "early", "explain", "family", "father", "felt", "first", "form", "friend",
    "group", "health", "heard", "help", "home", "hospital", "housing", "interpreter", "kind",
    "language", "late", "later", "leaflet", "letter", "listen", "long", "manager", "money",
    "mosque", "mother", "moved", "mum", "name", "neighbour", "never", "nobody", "number",
    "office", "parents", "people", "phone", "place", "prayer", "questions", "quiet", "referral",
    "respect", "room", "school", "service", "sister", "someone", "son", "speak", "staff",
    "street", "support", "talk", "teacher", "they", "time", "told", "town", "twice",
    "understand", "visit", "voice", "waiting", "website", "week", "welcome", "when", "worker",
    "worried", "year", "young",
)  # fmt: skip
OTHER_SCRIPTS = (
    "مدد", "ترجمان", "সাহায্য", "ਸਕੂਲ", "rodziców", "çocuk", "café", "e\u0301cole",
    "\U0001f469\U0001f3fd\u200d\U0001f467",
)  # fmt: skip
ETHNIC_GROUPS = (
    "Bangladeshi", "Black African", "Black Caribbean", "Chinese", "Indian", "Pakistani", "Roma",
    "White and Black Caribbean",
)  # fmt: skip
AGE_BANDS = ("13 to 17", "18 to 24", "25 to 34", "35 to 44", "45 or over")

MAPPING = f"""
respondent_id: id
attributes:
  - {{column: ethnic_group, name: ethnic_group, kind: category, grouping: true,
     values: [{", ".join(ETHNIC_GROUPS)}]}}
  - {{column: age_band, name: age_band, kind: ordered, grouping: true,
     values: [{", ".join(AGE_BANDS)}]}}
questions:
  - {{column: answer, ref: q1, text: "What happened when you looked for help?"}}
"""


@dataclass(frozen=True, slots=True)
class Answer:
    """One respondent's answer, as paragraphs."""

    ref: str
    paragraphs: tuple[str, ...]

    @property
    def text(self) -> str:
        """The answer as a CSV cell holds it."""
        return "\n\n".join(self.paragraphs)


def paragraph(generator: random.Random, words: int) -> str:
    """Make a paragraph of so many words; one in fifty is in another script."""
    chosen = [
        generator.choice(OTHER_SCRIPTS if generator.random() < 0.02 else WORDS)
        for _ in range(words)
    ]
    return f"{' '.join(chosen).capitalize()}."


def answers(count: int, *, words: int | None = None, seed: int = 11) -> list[Answer]:
    """Make answers of about 220 words in two to five paragraphs, or of exactly `words`."""
    generator = random.Random(seed)
    made = []
    for number in range(count):
        if words is None:
            sizes = [generator.randint(40, 85) for _ in range(generator.randint(2, 5))]
        else:
            sizes = [words - words // 3 * 2, words // 3, words // 3]
        made.append(
            Answer(f"R{number + 1:04d}", tuple(paragraph(generator, size) for size in sizes))
        )
    return made


def transcript(words: int, *, seed: int = 12) -> str:
    """Make a focus group's transcript: turns of 10 to 90 words, a line each."""
    generator = random.Random(seed)
    turns, count = [], 0
    while count < words:
        size = min(generator.randint(10, 90), words - count)
        turns.append(paragraph(generator, size))
        count += size
    return "\n".join(turns)


def discussion(words: int, n_turns: int, *, seed: int = 12) -> list[str]:
    """Make the turns of a focus group: so many, of one to forty words or so."""
    generator = random.Random(seed)
    sizes = [generator.randint(1, 2 * words // n_turns - 1) for _ in range(n_turns)]
    return [paragraph(generator, size) for size in sizes]


def as_csv(made: list[Answer]) -> bytes:
    """Write answers as a survey that `MAPPING` reads."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["id", "ethnic_group", "age_band", "answer"])
    for number, answer in enumerate(made):
        group = ETHNIC_GROUPS[number % len(ETHNIC_GROUPS)]
        writer.writerow([answer.ref, group, AGE_BANDS[number % len(AGE_BANDS)], answer.text])
    return out.getvalue().encode()


def spans(count: int, texts: list[str], *, seed: int = 13) -> list[tuple[int, int, int]]:
    """Choose words to code: (which text, start, end) in code points, no two alike."""
    generator = random.Random(seed)
    chosen: dict[tuple[int, int, int], None] = {}
    while len(chosen) < count:
        which = len(chosen) % len(texts)
        start = generator.randrange(max(1, len(texts[which]) - 200))
        end = min(len(texts[which]), start + generator.randint(20, 200))
        chosen[which, start, end] = None
    return list(chosen)
