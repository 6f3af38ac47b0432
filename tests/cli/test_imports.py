"""`workbench ingest`: what a grown file would change, the history, and undo."""

from tests.builders import SURVEY

GROWN = (
    SURVEY.replace("She listened to me", "She \x1b[2Jnever listened to me")
    .replace("R2,Roma,old,money", "R2,Irish,old,sleep|money")
    .replace("r3@secret.example,میں نے تین بار فون کیا", "other@secret.example,")
    .replace("R4,,young,,r4@secret.example,The school was kind,A map\n", "")
    + "R5,Roma,old,,r5@secret.example,Hello,\n"
)
MAPPED = ("--study", "S", "--mapping", "mapping.yaml")


def test_a_dry_run_lists_what_a_grown_file_would_change(loaded, files):
    (files / "grown.csv").write_text(GROWN, encoding="utf-8")
    ran = loaded("ingest", "survey", "grown.csv", *MAPPED, "--dry-run")
    for line in (
        "New respondents (1):\n  R5",
        "  row 2, R1, q1: 1 coding carried over, 0 to be placed again\n"
        "    - She listened to me. Then she left.\n"
        "    + She \ufffd[2Jnever listened to me. Then she left.",
        "  row 3, R2, group: Roma -> Irish\n  row 3, R2, needs: money -> sleep | money",
        "Blank here and kept (1):\n  row 4, R3, q1",
        "Not in this file, and kept (1):\n  R4",
    ):
        assert line in ran.out
    assert "secret.example" not in ran.out + ran.err
    dry = loaded("ingest", "survey", "grown.csv", *MAPPED, "--dry-run", "--json").json
    assert dry["changes"]["missing"] == ["R4"]
    (answer,) = dry["changes"]["answers"]
    assert (answer["old"][:12], answer["n_carried"]) == ("She listened", 1)
    wet = loaded("ingest", "survey", "grown.csv", *MAPPED, "--json").json
    assert {name: value for name, value in dry.items() if name != "changes"} == wet


def test_a_study_that_a_survey_made_goes_with_it(loaded, files):
    (files / "grown.csv").write_text(GROWN, encoding="utf-8")
    loaded("ingest", "survey", "grown.csv", "--study", "New", "--mapping", "mapping.yaml")
    done = loaded("ingest", "undo", "--study", "New")
    assert "The study New, which the file made, is gone too." in done.out
    assert "New" not in str(loaded("study", "list", "--json").json["studies"])


def test_the_history_and_undo(loaded, files):
    (files / "grown.csv").write_text(GROWN, encoding="utf-8")
    loaded("--as", "Zoe", "ingest", "survey", "grown.csv", *MAPPED)
    newest, first = loaded("ingest", "history", "--study", "S", "--json").json["imports"]
    assert (newest["file"], newest["by"], newest["survey"]) == ("grown.csv", "Zoe", "Survey")
    assert (newest["report"]["answers_changed"], first["report"]["answers_new"]) == (1, 7)
    assert "She" not in str(newest["report"])
    done = loaded("ingest", "undo", "--study", "S", "--json").json
    assert done == {
        "study": "S", "file": "grown.csv", "kind": "survey", "respondents": 1, "answers": 1,
        "changed_answers": 1, "documents": 0, "codes": 0, "codings": 0, "study_gone": False,
    }  # fmt: skip
    ran = loaded("ingest", "history", "--study", "S")
    assert "(taken back 20" in ran.out.splitlines()[0]
    ran = loaded("ingest", "undo", "--study", "S", expect=1)
    assert "the import of survey.csv stays: 2 codings were made on answers" in ran.err


def test_a_file_says_which_survey_it_belongs_to(loaded, files):
    (files / "wave.csv").write_text(SURVEY.replace("q1,q2", "w1,w2"), encoding="utf-8")
    mapping = (files / "mapping.yaml").read_text(encoding="utf-8")
    for number in (1, 2):
        mapping = mapping.replace(
            f"column: q{number}, ref: q{number}", f"column: w{number}, ref: w{number}"
        )
    (files / "wave.yaml").write_text(mapping, encoding="utf-8")
    command = ("ingest", "survey", "wave.csv", "--study", "S", "--mapping", "wave.yaml", "--json")
    ran = loaded(*command, "--survey", "Wave 2")
    assert (ran.json["survey"], ran.json["survey_created"]) == ("Wave 2", True)
    assert (ran.json["respondents_new"], ran.json["answers_new"]) == (0, 7)
    kept = loaded("ingest", "history", "--study", "S", "--json").json["imports"][0]["mapping"]
    assert "survey: Wave 2" in kept
    ran = loaded(*command, expect=1)
    assert "the study has 2 surveys: Survey, Wave 2." in ran.err
    ran = loaded("ingest", "survey", "survey.csv", *MAPPED, "--survey", "Wave 2", expect=1)
    assert "the question q1 is answered by 4 respondents of this file in the survey 'Survey'" in (
        ran.err
    )
    assert "such as wave_2_q1." in ran.err


def test_the_mapping_of_the_named_survey_is_taken_again(loaded, files):
    """Two surveys share a file's columns; each keeps its own meaning of them."""
    (files / "waves.csv").write_text("id,a,b\nR8,They listened to me,Too late\n", encoding="utf-8")
    for wave, column in (("Wave 1", "a"), ("Wave 2", "b")):
        mapping = f"respondent_id: id\nquestions: [{{column: {column}, ref: {column}}}]\n"
        (files / "m.yaml").write_text(mapping, encoding="utf-8")
        options = ("--study", "W", "--mapping", "m.yaml", "--survey", wave)
        loaded("ingest", "survey", "waves.csv", *options)
    (files / "waves.csv").write_text("id,a,b\nR8,No change,Too late\n", encoding="utf-8")
    for wave, n_changed in (("wave 1", 1), ("Wave 2", 0)):
        options = ("--study", "W", "--survey", wave, "--dry-run", "--json")
        ran = loaded("ingest", "survey", "waves.csv", *options)
        assert "Using the mapping of the last import" in ran.err
        assert (ran.json["answers_changed"], ran.json["answers_new"]) == (n_changed, 0)


def test_addresses_as_ids_stay_private_when_fewer_of_them_come(loaded, files):
    first = "id,why\na@secret.example,They listened\nb@secret.example,Too late\n"
    (files / "private.csv").write_text(first, encoding="utf-8")
    (files / "m.yaml").write_text("respondent_id: id\nquestions: [{column: why}]\n")
    loaded("ingest", "survey", "private.csv", "--study", "P", "--mapping", "m.yaml")
    more = "".join(f"P{n},Answer {n}\n" for n in range(9))
    (files / "private.csv").write_text(first + more, encoding="utf-8")
    ran = loaded("ingest", "survey", "private.csv", "--study", "P", "--json")
    assert (ran.json["respondents_new"], ran.json["respondents_unchanged"]) == (9, 2)
    assert "secret.example" not in ran.out + ran.err
