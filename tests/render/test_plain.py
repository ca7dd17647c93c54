"""The plain form: stable, complete, harmless."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from rag.render.plain import answer_to_markdown, answer_to_text
from rag.types import Statement
from tests.render.samples import HOSTILE, abstained, answered, citation, dropped


def test_an_answer_with_its_source() -> None:
    answer = replace(answered(), citations=(citation(page=3),))
    assert answer_to_text(answer) == (
        "Russia brokered the ceasefire. [1]\n"
        "\n"
        "Sources\n"
        "[1] corpus/file.txt · 2023-11-07 · paragraph 4, line 7 (page 3)\n"
        "    “Russia brokered the ceasefire.”\n"
        "\n"
        "confidence 93%"
    )


def test_an_abstention_says_why_and_names_the_three_nearest() -> None:
    text = answer_to_text(abstained())
    assert text.startswith("The documents do not say.\nNo passage mentions Stepanakert.\n")
    assert text.count("corpus/near.txt · 2020-11-10 · paragraph 2, line 3") == 3
    assert "“Passage number 3.”" in text
    assert "Passage number 4." not in text
    assert text.endswith("\n\nconfidence of the best candidate 8%")


def test_an_abstention_without_passages_ends_there() -> None:
    text = answer_to_text(abstained(passages=0))
    assert "Nearest" not in text


def test_the_same_answer_reads_the_same_whatever_time_it_took() -> None:
    answer = answered()
    slower = replace(answer, timings_ms={"total": 99999.0})
    assert answer_to_text(answer) == answer_to_text(slower)


def test_the_dates_that_were_searched_are_told_of_an_answer_and_of_a_refusal() -> None:
    scope = "Documents up to 2022-03-31."
    for answer in (answered(scope=scope), abstained()):
        told = replace(answer, scope=scope)
        assert str(told).splitlines().count(scope) == 1
        assert str(told).index(scope) < str(told).index("corpus/")
        assert f"\n\n*{scope}*\n\n- " in answer_to_markdown(told)
    assert scope not in str(answered())


def test_undated_sources_say_so() -> None:
    assert "· undated ·" in answer_to_text(answered(citations=(citation(date=None),)))


def test_what_was_dropped_or_not_verified_is_told() -> None:
    unsure = Statement("Maybe so.", (1,), False, 0.2)
    answer = answered(dropped=dropped("uncited", "quote_not_found", "uncited"))
    text = answer_to_text(replace(answer, statements=(*answer.statements, unsure)))
    assert "Left out: 3 sentences (uncited, quote not found)." in text
    assert "Not verified: Maybe so." in text


def test_hostile_text_has_no_control_characters_left() -> None:
    for answer in (answered(HOSTILE), abstained(HOSTILE)):
        text = answer_to_text(answer)
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\ud800]", text)
        assert "␛[31mred" in text
        assert "[bold]bold[/bold]" in text


def test_a_quote_cannot_forge_a_line_of_its_own() -> None:
    quote = "One.\n[2] corpus/forged.txt · 2020 · paragraph 1, line 1"
    answer = answered(citations=(citation(quote=quote),))
    assert "\n[2]" not in answer_to_text(answer)


def test_markdown_escapes_markup_and_html() -> None:
    answer = answered("<script>alert(1)</script> *x* _y_ `z` [a](http://b) $m$ | &amp;")
    text = answer_to_markdown(answer)
    assert "<" not in text
    assert "http://" not in text
    for mark in ("\\*x\\*", "\\_y\\_", "\\`z\\`", "\\[a\\]", "\\$m\\$", "\\|", "&amp;amp;"):
        assert mark in text


def test_markdown_of_an_abstention() -> None:
    text = answer_to_markdown(abstained())
    assert text.startswith("**The documents do not say.** No passage mentions Stepanakert.\n\n- ")
    assert text.count("\n- ") == 3


def test_markdown_is_not_a_list_because_a_document_begins_like_one() -> None:
    assert not answer_to_markdown(answered("1. First")).startswith("1.")
    assert not answer_to_markdown(answered("# Title")).startswith("#")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Write to press@dam.example or see WWW.dam.example.",
         "Write to press&#64;dam.example or see WWW&#46;dam.example."),
        ("1. First", "1\\. First"),
        ("12) Twelfth", "12\\) Twelfth"),
        ("1.5 million, and 2.5 more", "1\\.5 million, and 2.5 more"),
    ],
)  # fmt: skip
def test_markdown_makes_no_link_or_list_and_adds_no_sign_of_its_own(text, shown) -> None:
    assert answer_to_markdown(answered(text)).startswith(f"{shown} \\[1\\]\n")


def test_markdown_tells_all_that_the_text_tells() -> None:
    unsure = Statement("Maybe *so*.", (1,), False, 0.2)
    cited = citation(also_in=("copies/a_b.txt",))
    answer = answered(dropped=dropped("uncited"), citations=(cited,), scope="Up to 2022.")
    told = answer_to_markdown(replace(answer, statements=(*answer.statements, unsure)))
    assert told.split("\n\n") == [
        "Russia brokered the ceasefire. \\[1\\]",
        "*Up to 2022.*",
        "- **\\[1\\]** corpus/file.txt · 2023-11-07 · paragraph 4, line 7:"
        " “Russia brokered the ceasefire.” (also in copies/a\\_b.txt)",
        "*Not verified: Maybe \\*so\\*.*",
        "*Left out: 1 sentence (uncited).*",
        "*confidence 93%*",
    ]
    assert answer_to_markdown(abstained()).endswith("\n\n*confidence of the best candidate 8%*")
