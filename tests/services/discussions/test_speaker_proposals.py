"""Who speaks in a transcript: proposals, before anything is brought in."""

from __future__ import annotations

from typing import Any

from sqlalchemy import update

from pipelines.ingest.discussions.speech import SpeechFile
from workbench.domain.turns import Turn
from workbench.services.discussions import focus_groups
from workbench.services.discussions.focus_groups import SpeakerPlan
from workbench.services.discussions.speaker_proposals import propose
from workbench.store.tables import respondent


def speech(*turns: tuple[str, str]) -> SpeechFile:
    return SpeechFile("fg.vtt", tuple(Turn(*turn) for turn in turns), "voices")


def told(bench: Any, *turns: tuple[str, str], **options: Any) -> Any:
    options = {"name": "FG1", **options}
    return propose(bench.actor, bench.database, bench.study_id, speech(*turns), **options)


TURNS = (
    ("Lin (Facilitator)", "Who did you ask first?"),
    ("Amina K", "Me?"),
    ("P3", "I rang the school."),
    ("AMINA K (Guest)", "I asked my sister first."),
    ("", "Laughter all around."),
    ("Unknown", "Yes."),
    ("R1", "Same here."),
)


def test_real_names_are_numbered_and_labels_stay(bench: Any, everything: Any) -> None:
    before = everything(bench.database)
    found = told(bench, *TURNS)
    assert found.plans == (
        SpeakerPlan("Facilitator", ("Lin (Facilitator)",), "facilitator"),
        SpeakerPlan(
            "Participant 1", ("Amina K", "AMINA K (Guest)"), respondent="FG1 Participant 1"
        ),
        SpeakerPlan("P3", ("P3",), respondent="FG1 P3"),
        SpeakerPlan("Unknown", ("Unknown",)),
        SpeakerPlan("R1", ("R1",), respondent="R1"),
    )
    amina = found.speakers[1]
    assert (amina.turns, amina.words, amina.sample) == (2, 6, "I asked my sister first.")
    assert amina.why == "A real name, it seems: not kept. 2 spellings are put together."
    assert (found.turns_of_nobody, found.words_of_nobody, found.replaces) == (1, 3, None)
    assert everything(bench.database) == before


def test_names_are_shown_where_somebody_says_so(bench: Any) -> None:
    found = told(bench, *TURNS, keep_names=True)
    assert [plan.name for plan in found.plans] == ["Lin", "Amina K", "P3", "Unknown", "R1"]
    assert found.plans[1].respondent == "FG1 Amina K"


def test_two_facilitators_are_numbered_and_numbers_pass_over_what_is_taken(bench: Any) -> None:
    found = told(
        bench, ("Lin Moderator", "a"), ("Jo Moderator", "b"), ("Amina", "c"), ("Participant 1", "d")
    )
    assert [plan.name for plan in found.plans] == [
        "Facilitator 1", "Facilitator 2", "Participant 2", "Participant 1",
    ]  # fmt: skip


def test_who_is_known_from_before_stays_and_new_people_get_new_numbers(bench: Any) -> None:
    place = (bench.actor, bench.database, bench.study_id)
    settled = (
        SpeakerPlan("Facilitator", ("Lin (Facilitator)",), "facilitator"),
        SpeakerPlan("Rosa", ("Amina K", "R1"), respondent="FG1 Participant 1"),
        SpeakerPlan("P3", ("P3",)),
    )
    done = focus_groups.ingest_transcript(*place, speech(*TURNS), settled, name="FG1")
    found = told(bench, ("amina k.", "One."), ("Zed", "Two."), ("R1", "Three."), ("p3:", "Four."))
    assert found.replaces == done.document_id
    assert found.plans == (
        SpeakerPlan("Rosa", ("amina k.", "R1"), respondent="FG1 Participant 1"),
        SpeakerPlan("Participant 2", ("Zed",), respondent="FG1 Participant 2"),
        SpeakerPlan("P3", ("p3:",)),
    )
    assert [item.known for item in found.speakers] == [True, False, True]
    assert told(bench, ("Amina K", "One."), name="FG2").plans[0].name == "Participant 1"


def test_who_is_said_to_facilitate_is_taken_at_their_word(bench: Any) -> None:
    options = {"facilitators": ["amina k."]}
    found = told(bench, *TURNS, **options)
    assert [(plan.name, plan.role) for plan in found.plans] == [
        ("Facilitator 1", "facilitator"), ("Facilitator 2", "facilitator"),
        ("P3", "participant"), ("Unknown", "participant"), ("R1", "participant"),
    ]  # fmt: skip
    assert (found.speakers[1].why.split(".")[0], found.turns_of_nobody) == ("As asked", 1)
    place = (bench.actor, bench.database, bench.study_id)
    plans = told(bench, *TURNS).plans
    focus_groups.ingest_transcript(*place, speech(*TURNS), plans, name="FG1")
    again = told(bench, *TURNS, **options).plans[1]
    assert (again.name, again.role, again.respondent) == ("Participant 1", "facilitator", None)


def test_who_has_withdrawn_is_told(bench: Any) -> None:
    with bench.database.write() as connection:
        connection.execute(update(respondent).where(respondent.c.ref == "R1").values(
            withdrawn_at="2024-01-01"))  # fmt: skip
    (found,) = told(bench, ("R1", "Same here.")).speakers
    assert (found.plan.respondent, found.why) == (
        "R1", "The respondent R1 has withdrawn: take their words out of the file.",
    )  # fmt: skip


HOSTILE = ("<img src=x onerror=alert(1)>", "\u202eanimA", "x" * 10_000, "a\x00b", "\ud800", "=1+1")


def test_hostile_names_are_never_shown(bench: Any) -> None:
    for name in HOSTILE:
        found = told(bench, (name, "One."), ("\x00", "Two."))
        assert found.plans == (
            SpeakerPlan("Participant 1", (name,), respondent="FG1 Participant 1"),
        )
        assert found.turns_of_nobody == 1
    for plan in told(bench, *((name, "One.") for name in HOSTILE), keep_names=True).plans:
        assert plan.name.isprintable()
        assert max(len(plan.name), len(plan.respondent or "")) <= 200


def test_two_thousand_speakers_are_all_different(bench: Any) -> None:
    many = [(f"{'x' * 200}{number}", "Hm.") for number in range(1_000)]
    many += [(f"P{number}", "Hm.") for number in range(1_000)]
    for keep_names in (False, True):
        plans = told(bench, *many, keep_names=keep_names).plans
        assert len({plan.name for plan in plans}) == len({p.respondent for p in plans}) == 2_000


def test_somebody_of_whom_nobody_is_sure_is_shown_without_their_name(bench: Any) -> None:
    given = (("Amina", "One."), ("Amina?", "Two."), ("P3 (?)", "Three."), ("Speaker ?", "Four."))
    found = told(bench, *given)
    assert [(plan.name, plan.respondent) for plan in found.plans] == [
        ("Participant 1", "FG1 Participant 1"), ("Unknown speaker", None), ("P3 (?)", None),
        ("Speaker ?", None),
    ]  # fmt: skip
    assert told(bench, *given, keep_names=True).plans[1].name == "Amina?"
