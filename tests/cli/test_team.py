"""`workbench team`: members, roles, and who codes what."""

from __future__ import annotations

import pytest

TEAM = ("-s", "S", "--json")


@pytest.fixture
def shared(workbench, files):
    """A study that Asha owns, with Ben as a coder."""

    def asha(*arguments, expect=0):
        return workbench("--as", "Asha", *arguments, expect=expect)

    asha("ingest", "survey", "survey.csv", "--study", "S", "--mapping", "mapping.yaml")
    asha("codebook", "load", "codes.yaml", "--study", "S")
    asha("team", "add", "Ben", "-s", "S")
    return asha


def roles(ran):
    return {item["name"]: item["role"] for item in ran.json["members"]}


def test_members_come_change_and_go(shared, workbench):
    ran = shared("team", "add", "Vi", "--role", "viewer", *TEAM)
    assert ran.json == {"name": "Vi", "role": "viewer"}
    assert shared("team", "role", "vi", "owner", *TEAM).json == {"name": "Vi", "role": "owner"}
    assert shared("team", "remove", "Ben", *TEAM).json == {"name": "Ben", "role": "removed"}
    ran = shared("team", "list", *TEAM)
    assert roles(ran) == {"Asha": "owner", "Vi": "owner", "Ben": "removed"}
    assert ran.json["open"] is True
    assert set(ran.json["members"][0]) == {
        "name", "role", "joined_at", "assigned", "blind", "assigned_done", "done", "begun",
        "codings",
    }  # fmt: skip
    text = shared("team", "list", "-s", "S").out
    assert "Ben: removed, 0 of 0 given done, 0 done in all" in text
    assert "Everybody may join." in text
    ran = workbench("--as", "Ben", "team", "add", "Cy", "-s", "S", expect=1)
    assert "Ben does not belong to this study and may only read it." in ran.err


def test_the_last_owner_stays(shared):
    ran = shared("team", "role", "Asha", "coder", "-s", "S", expect=1)
    assert "Asha is the only owner of this study." in ran.err
    ran = shared("team", "role", "Ben", "boss", "-s", "S", expect=1)
    assert "there is no role 'boss'." in ran.err
    ran = shared("team", "remove", "Nobody", "-s", "S", expect=1)
    assert "nobody named 'Nobody' belongs to this study. Members: Asha, Ben." in ran.err


def test_a_study_is_closed_and_opened(shared, workbench):
    assert shared("team", "joining", "--closed", *TEAM).json == {"open": False}
    assert "Only people who are added may join." in shared("team", "list", "-s", "S").out
    ran = workbench("--as", "Di", "codebook", "load", "codes.yaml", "-s", "S", expect=1)
    assert "Di does not belong to this study" in ran.err
    assert shared("team", "joining", "--open", *TEAM).json == {"open": True}


def test_documents_are_planned_given_out_and_taken_back(shared):
    call = ("team", "allocate", "--coder", "Asha", "--coder", "Ben", "--overlap", "50", "--by",
            "group", "--seed", "3", "--blind")  # fmt: skip
    planned = shared(*call, "--dry-run", *TEAM).json
    assert (planned["documents"], planned["given"], planned["several"]) == (7, 7, 4)
    assert planned["dry_run"] is True
    assert {item["group"] for item in planned["shares"]} == {"Irish", "Roma", "Not stated"}
    done = shared(*call, *TEAM).json
    assert done == {**planned, "dry_run": False}
    ran = shared("team", "allocate", "--way", "everyone", "--question", "q1", *TEAM)
    assert ran.json["stay_other_way"] == ran.json["given"] > 0
    assert "stay as given out before: blind." in ran.err
    ran = shared("team", "unassign", "--coder", "Ben", "--question", "q1", *TEAM)
    assert ran.json == {"documents": 4}
    assert shared("team", "open", *TEAM).json["documents"] == 7
    text = shared(*call, "-s", "S").out
    assert "0 of 7 documents given out" in text


def test_what_cannot_be_given_out_is_said(shared):
    ran = shared("team", "allocate", "--way", "sideways", "-s", "S", expect=2)
    assert "is not everyone, split or chosen" in ran.err
    ran = shared("team", "allocate", "-s", "S", expect=1)
    assert "nobody is chosen to code." in ran.err
    ran = shared("team", "allocate", "--coder", "Ben", "--question", "q9", "-s", "S", expect=1)
    assert "there is no question 'q9'. Questions: q1, q2." in ran.err


def test_blind_coding_is_ended_only_with_confirmation(shared, workbench, files):
    shared("team", "allocate", "--way", "everyone", "--blind", "-s", "S")
    (files / "mine.csv").write_text("respondent,question,quote,code\nR1,q1,left,School\n")
    workbench("--as", "Ben", "code", "import", "mine.csv", "-s", "S")
    for call in (("open",), ("unassign", "--coder", "Ben")):
        ran = shared("team", *call, "-s", "S", expect=1)
        assert "1 document of these is being coded blind." in ran.err
    shared("team", "remove", "Ben", "-s", "S")
    ran = shared("team", "unassign", "--coder", "ben", "--question", "q2", *TEAM)
    assert ran.json == {"documents": 3}
    assert shared("team", "open", "--confirm", *TEAM).json == {"documents": 7}
