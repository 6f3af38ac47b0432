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


def test_tables_units_and_extracts_are_of_one_group(loaded):
    loaded("code", "import", "codings.csv", "--study", "S")
    ran = loaded("summarise", "--study", "S", "--where", "group=roma", "--json")
    assert {row["base"] for row in ran.json["rows"]} == {2}
    found = loaded("count-units", "group", "--study", "S", "--where", "group=Roma", "--json").json
    assert {row["base"] for row in found["rows"]} == {1}
    ran = loaded("export", "extracts", "x.csv", "--study", "S", "--where", "age=young", "--json")
    assert ran.json["extracts"] == 1
    ran = loaded("export", "extracts", "x.csv", "--study", "S", "--where", "group=Elf", expect=1)
    assert "'group' has no value 'Elf'. Its values are: " in ran.err
    ran = loaded("summarise", "--study", "S", "--saved", "x", "--where", "group=Roma", expect=2)
    assert "a saved filter takes no other filter" in ran.err
