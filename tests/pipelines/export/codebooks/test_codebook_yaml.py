"""A codebook that is written reads back as the same codebook, whatever it holds."""

from __future__ import annotations

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.export.codebooks.codebook_yaml import dump_codebook
from pipelines.ingest.codebooks.codebook import load_codebook
from workbench.domain.codebook import Codebook, CodeNode, format_path

awkward = st.sampled_from(
    ["no", "1.10", "~", "null", "", " x", "a: b", "- a", "#c", "=1", "x \n y", "\n", "a\n\n  b\n\n",
     "\x85", "\u2028", "\ufeff", "\r\n", "\t", "'", '"', "\\", "\x00", "|", "میں نے", "👩‍👧", "é",
     "2022-02-14", "*a", "&a", "!t", "<<", "%", "@", "`", "---", "...", "long " * 60]
)  # fmt: skip
texts = st.one_of(awkward, st.text(max_size=40), st.lists(awkward, max_size=4).map("".join))
lists = st.lists(texts, max_size=3).map(tuple)
names = (
    st.one_of(texts, st.just("Judged"))
    .map(lambda text: text.replace("\n", " ").replace(" / ", "").strip()[:200].strip())
    .filter(lambda name: name and " / " not in name)
)
source_ids = st.lists(
    st.text(min_size=1, max_size=8).filter(lambda key: key.strip()), max_size=3, unique=True
)


def unique(codes: list[CodeNode]) -> tuple[CodeNode, ...]:
    return tuple({code.name.strip().casefold(): code for code in codes}.values())


@st.composite
def codebooks(draw: st.DrawFn) -> Codebook:
    ids = draw(source_ids)
    cited = st.lists(st.sampled_from(ids), max_size=2).map(tuple) if ids else st.just(())

    def codes(children: st.SearchStrategy) -> st.SearchStrategy:
        return st.builds(
            CodeNode,
            name=names,
            colour=st.sampled_from(["", "#0072B2", "#abcdef"]),
            definition=texts,
            include=texts,
            exclude=texts,
            examples=lists,
            cues=lists,
            rests_on=cited,
            children=children,
        )

    tree = st.recursive(
        codes(st.just(())),
        lambda below: codes(st.lists(below, max_size=3).map(unique)),
        max_leaves=6,
    )
    return Codebook(
        name=draw(names),
        themes=unique(draw(st.lists(tree, min_size=1, max_size=3))),
        version=draw(texts),
        language=draw(texts),
        description=draw(texts),
        sources=tuple((key, draw(names)) for key in ids),
    )


@settings(deadline=None)
@given(codebooks())
def test_what_is_written_reads_back_the_same(book: Codebook) -> None:
    assert load_codebook(dump_codebook(book), "book.yaml") == book


@settings(deadline=None)
@given(codebooks())
def test_other_programs_read_the_same_texts(book: Codebook) -> None:
    other = yaml.safe_load(dump_codebook(book))
    assert other["version"] == book.version
    assert [code["name"] for code in other["codes"]] == [code.name for code in book.themes]


def test_a_tree_of_twenty_levels_reads_back() -> None:
    code = CodeNode(name="L20", cues=("deep",))
    for level in range(19, 0, -1):
        code = CodeNode(name=f"L{level}", children=(code,))
    book = Codebook(name="Deep", themes=(code,))
    read = load_codebook(dump_codebook(book), "deep.yaml")
    assert read == book
    assert format_path(list(read.walk())[-1][0]).endswith("L19 / L20")


def test_it_looks_as_a_person_would_write_it() -> None:
    book = Codebook(
        name="SpeakOut",
        themes=(
            CodeNode(
                name="Relationships",
                colour="#0072B2",
                definition="How people were met.\nBy anyone.\n",
                examples=("میں نے تین بار فون کیا",),
                children=(CodeNode(name="No"),),
            ),
        ),
        sources=(("A2022", "A (2022): Title"),),
    )
    assert dump_codebook(book) == (
        "format: speakout-codebook/1\n"
        "name: SpeakOut\n"
        "version: '1'\n"
        "language: en\n"
        "sources:\n"
        "  - id: A2022\n"
        "    citation: 'A (2022): Title'\n"
        "codes:\n"
        "  - name: Relationships\n"
        "    colour: '#0072B2'\n"
        "    definition: |\n"
        "      How people were met.\n"
        "      By anyone.\n"
        "    examples:\n"
        "      - میں نے تین بار فون کیا\n"
        "    children:\n"
        "      - name: 'No'\n"
    )
