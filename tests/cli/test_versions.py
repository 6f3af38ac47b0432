"""`workbench codebook history`, `name`, `diff`, `restore`."""

RENAMED = """
format: speakout-codebook/1
name: Small
codes:
  - name: Access
    colour: "#882255"
    definition: doors
  - name: Health
"""


def loaded_again(loaded, files):
    (files / "again.yaml").write_text(RENAMED, encoding="utf-8")
    loaded("codebook", "load", "again.yaml", "--study", "S")
    return loaded


def test_versions_are_listed_and_named(loaded, files):
    run = loaded_again(loaded, files)
    listed = run("codebook", "history", "-s", "S", "--json").json["versions"]
    assert [(item["number"], item["name"], item["changes"]) for item in listed] == [
        (2, "", 2), (1, "", 5),
    ]  # fmt: skip
    ran = run("codebook", "name", "First round", "-s", "S", "--version", "1", "--note", "agreed")
    assert ran.out == "Version 1 is named First round.\n"
    (first,) = run("codebook", "history", "-s", "S", "--named").out.splitlines()
    assert first.startswith("1 First round: 5 changes, ")
    assert first.endswith(". agreed")
    assert run("codebook", "name", "", "-s", "S", "--version", "1").out == (
        "Version 1 has no name.\n"
    )
    assert run("codebook", "name", "Now", "-s", "S", "--json").json["version"] == 2


def test_two_versions_are_compared(loaded, files):
    run = loaded_again(loaded, files)
    assert run("codebook", "diff", "1", "2", "-s", "S").out.splitlines() == [
        "Access: definition changed.",
        "  definition, before: (empty)",
        "  definition, after: doors",
        "Health was added.",
    ]
    told = run("codebook", "diff", "2", "1", "-s", "S", "--json").json
    assert (told["older"], told["newer"], told["codes"]) == (2, 1, 2)
    assert [item["change"] for item in told["changes"]] == ["redefined", "removed"]
    assert run("codebook", "diff", "1", "1", "-s", "S").out == "Versions 1 and 1 are the same.\n"
    assert run("codebook", "diff", "1", "7", "-s", "S", expect=1).err == (
        "workbench: the codebook has no version 7.\n"
    )


def test_a_version_is_restored_after_a_look(loaded, files):
    run = loaded_again(loaded, files)
    ran = run("codebook", "restore", "1", "-s", "S", "--dry-run")
    assert ran.out.splitlines()[-1] == "Health was taken out."
    assert ran.err == "Nothing was changed.\n"
    assert len(run("codebook", "history", "-s", "S", "--json").json["versions"]) == 2
    told = run("codebook", "restore", "1", "-s", "S", "--json").json
    assert (told["version"], told["dry_run"], told["codings_moved"]) == (1, False, [])
    newest = run("codebook", "history", "-s", "S", "--json").json["versions"][0]
    assert (newest["number"], newest["note"]) == (3, "Version 1 restored.")
    assert run("codebook", "diff", "1", "3", "-s", "S", "--json").json["changes"] == []
    assert (
        "as it was in version 1 already" in run("codebook", "restore", "1", "-s", "S", expect=1).err
    )
