from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.ingest.paragraphs import split_paragraphs

SHARED = Path(os.environ.get("RAG_SHARED", Path(__file__).parents[2].parent / "shared"))

PIECES = [
    "Russia brokered it. ",
    "and so on",
    "Post 1/3",
    "Post 2/3",
    "7/19",
    "1/ Lead",
    "- item",
    "1. item",
    "NAME: turn",
    "2 May 2020: it began",
    "# Heading",
    "```",
    "| a | b |",
    "|---|---|",
    "> quote",
    "===",
    "---",
    "* * *",
    "word " * 30,
    "שלום עולם.",
    "e\u0301",
    "👩‍👩‍👧",
    " ",
    "\t",
    "\n",
    "\n",
    "\r\n",
    "\r",
    "\n\n",
    "\x00",
    "\x0c",
    "\u2028",
    "\u2029",
    "\x85",
    "\ufeff",
    "\ud800",
]
texts = st.one_of(
    st.lists(st.sampled_from(PIECES), max_size=40).map("".join),
    st.text(st.characters(), max_size=80),
)


def bodies(text: str, *, markdown: bool = False) -> list[str]:
    return [text[p.start : p.end] for p in split_paragraphs(text, markdown=markdown)]


def kinds(text: str, *, markdown: bool = False) -> list[tuple[int, bool, str]]:
    found = split_paragraphs(text, markdown=markdown)
    return [(p.number, p.heading, text[p.start : p.end]) for p in found]


@settings(max_examples=400)
@given(texts, st.booleans(), st.integers(0, 10), st.integers(0, 200), st.integers(1, 9))
def test_every_character_is_in_exactly_one_paragraph(
    text: str, markdown: bool, start: int, length: int, first: int
) -> None:
    start = min(start, len(text))
    end = min(len(text), start + length)
    found = split_paragraphs(
        text, start=start, end=end, page=3, first_number=first, markdown=markdown
    )
    at, number = start, first
    for paragraph in found:
        assert at <= paragraph.start < paragraph.end <= end
        between = text[at : paragraph.start]
        assert not between.strip() or (at == 0 and not between.removeprefix("\ufeff").strip())
        body = text[paragraph.start : paragraph.end]
        assert body == body.strip()
        assert (paragraph.number, paragraph.page) == (number, 3)
        number += not paragraph.heading
        at = paragraph.end
    rest = text[at:end]
    assert not rest.strip() or (at == 0 and not rest.removeprefix("\ufeff").strip())
    assert not found or not found[-1].heading


def test_blank_lines_separate_and_wrapped_lines_stay() -> None:
    text = (
        "The first paragraph is wrapped hard at\nsome width by the editor. It goes on to\n"
        "the next line.\n\n\n \t\nThe second one\nas well.\n"
    )
    for end in ("\n", "\r\n", "\r"):
        found = bodies(text.replace("\n", end))
        assert [body[:10] for body in found] == ["The first ", "The second"]


def test_only_three_line_ends_count() -> None:
    assert len(bodies("One.\u2028\u2028Two.\x0c\x0cThree.\x85\x85Four.\u2029\u2029Five.")) == 1


def test_a_byte_order_mark_is_in_no_paragraph() -> None:
    (paragraph,) = split_paragraphs("\ufeff Text here.")
    assert paragraph.start == 2


def test_the_inline_date_is_in_the_paragraph() -> None:
    assert bodies(" date 2022-03-31 The timing.\n\n\n\nMore.") == [
        "date 2022-03-31 The timing.",
        "More.",
    ]


def test_a_wrapped_mail_without_blank_lines_is_split_where_a_word_would_have_fitted() -> None:
    text = (
        "Dear colleagues, the notes of yesterday's meeting are attached, as agreed.\n"
        "We spoke about the road, the checkpoint and the convoy that was sent back\n"
        "on Tuesday. Nobody knew why.\n"
        "The second question was the census. It was put off until the spring, when\n"
        "the new figures are due.\n"
    )
    assert [body[:10] for body in bodies(text)] == ["Dear colle", "The second"]


def test_unwrapped_paragraphs_one_a_line() -> None:
    lines = [f"Paragraph {n} says a good deal. " * 6 + "It ends." for n in range(4)]
    assert bodies("\n".join(lines)) == lines
    assert bodies("\r\n".join(lines) + "\r\n") == lines


def test_a_title_above_unwrapped_lines_is_a_heading() -> None:
    long = "It says a good deal about the matter. " * 6 + "It ends."
    assert kinds(f"A title\n{long}\n{long}") == [
        (1, True, "A title"),
        (1, False, long),
        (2, False, long),
    ]


@pytest.mark.parametrize("blank", ["\n", "\n\n"])
def test_posts_are_paragraphs_though_numbers_are_missing(blank: str) -> None:
    posts = ["First. 1/9", "Putin spoke 3/9", "Third?\nwrapped (5/9)", "Last. 9/9"]
    assert bodies(blank.join(posts)) == posts


def test_posts_numbered_in_front() -> None:
    posts = ["1/ First of it", "2/ Second\nwrapped", "4/ Fourth"]
    assert bodies("\n".join(posts)) == posts
    assert bodies("\n".join(["(1/3) A", "(2/3) B", "(3/3) C"])) == ["(1/3) A", "(2/3) B", "(3/3) C"]


def test_dates_at_line_ends_make_no_thread() -> None:
    text = "They talked about it on the 27/9\nand called again on the 30/9\nwithout any result."
    assert bodies(text) == [text]


def test_a_lone_marker_belongs_to_its_post() -> None:
    assert bodies("A post.\n\n1/3\n\nAnother.\n\n2/3") == ["A post.\n\n1/3", "Another.\n\n2/3"]


def test_speaker_turns_with_a_turn_over_several_lines() -> None:
    turns = ["KESSLING: Why?", "THOMAS DE WAAL: Because.\nAnd then\nthey left.", "KESSLING: And?"]
    assert bodies("\n".join(turns)) == turns
    assert bodies("\n\n".join(turns)) == turns
    led_in = "We met in Baku in the spring.\n" + "\n".join(turns)
    assert bodies(led_in) == ["We met in Baku in the spring.", *turns]


def test_a_colon_in_running_text_makes_no_turn() -> None:
    text = "He made two points that day.\nFirst: it is late, and\nthe road is closed."
    assert bodies(text) == [text]


@pytest.mark.parametrize("dash", [":", " -", " –", "\t"])
def test_timelines(dash: str) -> None:
    entries = [
        f"1988{dash} It began.",
        f"20 February 1988{dash} The soviet voted",
        f"1990-01-20{dash} Troops entered,\nand stayed.",
        f"May 1994{dash} It ended",
    ]
    assert bodies("\n".join(entries)) == entries
    title = "The Caucasus, 1988 to 1994: a timeline"
    assert bodies("\n".join([title, *entries])) == [title, *entries]


def test_a_year_at_the_start_of_a_wrapped_line_is_no_entry() -> None:
    text = "The war that began in the autumn of\n2020 was short, unlike the one of\n1994 and after."
    assert bodies(text) == [text]


def test_plain_lists() -> None:
    text = "They agreed:\n- to stop;\n- to talk\n  in the spring;\n- to wait."
    assert bodies(text) == [
        "They agreed:",
        "- to stop;",
        "- to talk\n  in the spring;",
        "- to wait.",
    ]


def test_headings_take_the_number_of_what_follows() -> None:
    text = (
        "Truce holds in Karabakh\n\nKura Wire, 6 April\n\nThe line was calm.\n\n"
        "The end\n\nIt was over."
    )
    assert kinds(text) == [
        (1, True, "Truce holds in Karabakh"),
        (1, True, "Kura Wire, 6 April"),
        (1, False, "The line was calm."),
        (2, True, "The end"),
        (2, False, "It was over."),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "A title only",
        "Apples\n\nPears\n\nPlums",
        "It ended.\n\nJane Smith",
        "Why?\n\nBecause it was so.",
    ],
)
def test_short_lines_that_head_nothing_are_paragraphs(text: str) -> None:
    assert not any(paragraph.heading for paragraph in split_paragraphs(text))


def test_separators_are_not_counted() -> None:
    text = "* * *\n\nFirst.\n\n* * *\n\nSecond.\n\n-----"
    assert bodies(text) == ["* * *\n\nFirst.\n\n* * *", "Second.\n\n-----"]


MARKDOWN = """# Title

Some text that is
wrapped.
## Section
Setext
------
- one
- two
  goes on

  * nested
1. three

> quoted
> twice

| a | b |
|---|---|
| c | d |

```python
x = 1

# no heading
```
After.
"""


def test_markdown() -> None:
    assert kinds(MARKDOWN, markdown=True) == [
        (1, True, "# Title"),
        (1, False, "Some text that is\nwrapped."),
        (2, True, "## Section"),
        (2, True, "Setext\n------"),
        (2, False, "- one"),
        (3, False, "- two\n  goes on"),
        (4, False, "* nested"),
        (5, False, "1. three"),
        (6, False, "> quoted\n> twice"),
        (7, False, "| a | b |\n|---|---|\n| c | d |"),
        (8, False, "```python\nx = 1\n\n# no heading\n```"),
        (9, False, "After."),
    ]
    assert [k[:2] for k in kinds(MARKDOWN.replace("\n", "\r\n"), markdown=True)] == [
        k[:2] for k in kinds(MARKDOWN, markdown=True)
    ]


def test_an_open_fence_runs_to_the_end() -> None:
    assert bodies("Text.\n~~~\na\n\nb", markdown=True) == ["Text.", "~~~\na\n\nb"]
    assert bodies("```x = 1``` is it.\n\nb", markdown=True) == ["```x = 1``` is it.", "b"]


@pytest.mark.parametrize(
    "unit", ["a\n", "\n", "A: b\n", "1/9\n", "x\n\n", "* * *\n\n", "word ", "Title\n\n"]
)
def test_time_is_linear(unit: str) -> None:
    text = unit * (100_000 // len(unit))
    began = time.process_time()
    split_paragraphs(text)
    split_paragraphs(text, markdown=True)
    assert time.process_time() - began < 5


@pytest.mark.skipif(not (SHARED / "seeds").is_dir(), reason="needs the seed documents")
@pytest.mark.parametrize(("prefix", "count"), [("000", 7), ("001", 17), ("002", 8)])
def test_seed_documents(prefix: str, count: int) -> None:
    (path,) = (SHARED / "seeds").glob(f"{prefix}_*.txt")
    found = split_paragraphs(path.read_bytes().decode())
    assert [paragraph.number for paragraph in found] == list(range(1, count + 1))
    assert not any(paragraph.heading for paragraph in found)


@pytest.mark.parametrize(
    "entries",
    [
        ["Q. And then?", "A. Nothing."],
        ["[00:01:02] KESSLING: Why?", "[00:01:09] MESTERVIK: Because."],
        ["10:30 They met.", "11:00 They left."],
        ["— Hello, he said.", "— Good day, she said."],
        ["Subject: The road", "From: Jane de Waal", "To: Bob"],
        [
            "10/11/2020, 10:12 - Ida: It holds",
            "10/11/2020, 10:13 - Bo: no",
            "10/11/2020, 11:00 - x",
        ],
        ["<ida> it holds", "<bo> for how long?"],
        ["[1/2] It holds", "[2/2] It ends"],
        ["[1] Treasury, 2020.", "[2] Weil, p. 5."],
        ["> Is the lower road open", "It is", "> > And the upper one"],
    ],
)
def test_lines_that_each_start_something_are_paragraphs(entries: list[str]) -> None:
    assert bodies("\n".join(entries)) == entries


def test_numbered_headings_and_numbered_lists_are_told_apart() -> None:
    text = (
        "1. Introduction\n\nIt says so.\n\n2. Results\n\nIt was so.\n\n"
        "1. Figs\n2. Pears\n\nIt ended."
    )
    found = split_paragraphs(text)
    heads = [text[p.start : p.end] for p in found if p.heading]
    assert heads == ["1. Introduction", "2. Results"]


def test_a_page_of_wrapped_text_without_blank_lines_keeps_its_titles() -> None:
    text = (
        "Twenty years of the process\r\n"
        "On 24 March 1992 the ministers, meeting in Helsinki, decided to call a conference on\r\n"
        "the conflict. It is named after the city it never reached.\r\n"
        "Four designs\r\n"
        "The co-chairs have put four designs on the table, and each of them was turned down by\r\n"
        "one of the parties.\r\n"
    )
    assert [(h, body[:12]) for _, h, body in kinds(text)] == [
        (True, "Twenty years"),
        (False, "On 24 March "),
        (True, "Four designs"),
        (False, "The co-chair"),
    ]


def test_quoted_mail_is_apart_from_the_reply() -> None:
    text = "> Is it open?\n>\n> I doubt it, as they have\nnot said so.\n\nIt is.\n> And then?"
    assert bodies(text) == [
        "> Is it open?\n>",
        "> I doubt it, as they have\nnot said so.",
        "It is.",
        "> And then?",
    ]


def test_markdown_rules_and_setext_headings_are_told_apart() -> None:
    assert kinds("Para\n***\nNext\n\nHead\n---\nText", markdown=True) == [
        (1, False, "Para\n***"),
        (2, False, "Next"),
        (3, True, "Head\n---"),
        (3, False, "Text"),
    ]


def test_a_date_alone_on_the_first_line_is_counted_with_the_text() -> None:
    text = "\n date 2020-12-01 \n\nFirst sentence here.\n\nSecond paragraph.\n"
    found = split_paragraphs(text)
    assert [(p.number, p.heading) for p in found] == [(1, True), (1, False), (2, False)]


def test_each_line_of_a_log_is_an_entry() -> None:
    text = "2020-11-10 12:00 started\n2020-11-10 12:01 failed\n2020-11-10 12:02 ended\n"
    assert len(split_paragraphs(text)) == 3


def test_a_title_over_short_wrapped_lines_is_a_heading() -> None:
    text = "Title Of The Piece\n\nA paragraph goes here and\nwraps onto a second line.\n"
    assert [p.heading for p in split_paragraphs(text)] == [True, False]
