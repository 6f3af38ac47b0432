"""`workbench export refi`: a project or a codebook, and what is told of it."""

from __future__ import annotations

import zipfile


def test_a_project_is_written_with_its_report(loaded, files):
    ran = loaded("export", "refi", "out.qdpx", "--study", "S", "--profile", "utf16", "--json")
    assert ran.json["file"] == "out.qdpx" and ran.json["n_sources"] > 0
    assert "The file holds participants' words" in ran.err
    assert all(f"Not in the file: {line}" in ran.err for line in ran.json["left_out"])
    with zipfile.ZipFile(files / "out.qdpx") as archive:
        assert b"(UTF-16 positions)" in archive.read("project.qde")
    ran = loaded("export", "refi", "out.qdpx", "--study", "S", "--by-respondent", "--no-audio")
    assert ran.out.startswith("Wrote ") and ran.out.rstrip().endswith("to out.qdpx.")


def test_a_codebook_is_written(loaded, files):
    ran = loaded("export", "refi", "out.qdc", "--study", "S")
    assert "codes to out.qdc." in ran.out and "participants" not in ran.err
    assert b"<CodeBook" in (files / "out.qdc").read_bytes()


def test_what_cannot_be_written_is_refused(loaded):
    for out, options, code, why in (
        ("out.zip", (), 1, "Name one ending in .qdpx"),
        ("out.qdpx", ("--profile", "mac"), 2, "is not standard or utf16"),
    ):
        ran = loaded("export", "refi", out, "--study", "S", *options, expect=code)
        assert why in ran.err
