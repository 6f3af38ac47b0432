"""`workbench count-units`: themes counted by group instead of by person, on the command line."""


def test_units_are_counted_as_text_and_as_json(loaded):
    loaded("code", "import", "codings.csv", "--study", "S")
    found = loaded("count-units", "group", "--study", "S", "--json").json
    rows = {(row["theme"], row["group"]): (row["units"], row["base"]) for row in found["rows"]}
    assert rows == {("Access", None): (1, 2), ("School", None): (1, 2), ("Schooling", None): (0, 2)}
    assert (found["study"], found["unit"], found["by"]) == ("S", "group", None)
    ran = loaded("count-units", "group", "--study", "S", "--by", "age", "--level", "code")
    assert "Access | all | 1 of 2 | 50%" in ran.out
    assert "Access / Waiting | young | 1 of 1 | 100%" in ran.out
    assert ran.err == "1 respondent has no group.\n"


def test_what_cannot_be_counted_is_refused(loaded):
    ran = loaded("count-units", "shoe", "--study", "S", expect=1)
    assert "there is no attribute 'shoe' to count by" in ran.err
    ran = loaded("count-units", "email", "--study", "S", expect=1)
    assert "there is no attribute 'email' to count by" in ran.err
    ran = loaded("count-units", "group", "--study", "S", "--level", "word", expect=2)
    assert "'word' is neither theme nor code" in ran.err
