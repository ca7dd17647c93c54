"""The generative composer: what a model writes is shown only where it holds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rag.asking.question import understand
from rag.compose.extractive import compose_extractive, marked_text
from rag.compose.generative import GenerativeComposer, Writing
from rag.compose.grammar import grammar_of
from rag.compose.parts import Cited
from rag.compose.view import view_of
from rag.compose.written import sentences_written
from rag.errors import ModelUnavailable
from rag.read import Reading
from rag.types import (
    Document,
    Evidence,
    EvidenceSentence,
    Hit,
    Paragraph,
    Passage,
    Span,
    Statement,
)
from tests.compose.generative_fakes import ScriptedWriter, composed, document, reading_of

TRUCE = "However, Russia, which was near, brokered a ceasefire."
TURKEY = "Turkey, which was not asked, sent two observers to Agdam."


def reasons(writing: Writing) -> list[str]:
    return [d.reason for d in writing.composition.dropped]


def shown(writing: Writing) -> str:
    return marked_text(writing.composition.statements)


def test_what_holds_is_shown_in_the_models_words() -> None:
    streamed, writing = composed(
        ScriptedWriter("Russia brokered a ceasefire. [1] Turkey, which was not asked, sent 2"
                       " observers to Agdam. [2]"), TRUCE, TURKEY,
    )  # fmt: skip
    assert shown(writing) == (
        "Russia brokered a ceasefire. [1] "
        "Turkey, which was not asked, sent 2 observers to Agdam. [2]"
    )
    assert tuple(streamed) == writing.composition.statements
    assert (writing.stood, reasons(writing)) == (2, [])
    assert [c.quote for c in writing.composition.citations] == [TRUCE, TURKEY]


def test_citations_are_numbered_as_they_appear() -> None:
    _, writing = composed(ScriptedWriter(f"{TURKEY} [2] {TRUCE} [1]"), TRUCE, TURKEY)
    assert [s.citations for s in writing.composition.statements] == [(1,), (2,)]
    assert [c.source for c in writing.composition.citations] == ["2.txt", "1.txt"]


def test_one_sentence_may_rest_on_two() -> None:
    joined = "Russia brokered a ceasefire, while Turkey, which was not asked, sent two observers"
    _, writing = composed(ScriptedWriter(f"{joined} to Agdam. [1][2]"), TRUCE, TURKEY)
    assert [s.citations for s in writing.composition.statements] == [(1, 2)]
    assert writing.stood == 1


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        ("Russia brokered 2 ceasefires. [1]", "unsupported_number"),
        ("Georgia brokered a ceasefire. [1]", "unsupported"),
        ("The state of Georgia brokered a ceasefire. [1]", "unsupported_name"),
        ("Russia brokered a ceasefire. [7]", "unknown_ref"),
        ("Russia brokered a ceasefire. [0]", "unknown_ref"),
        ("Russia brokered a ceasefire. [1][7]", "unknown_ref"),
        ("Russia brokered a ceasefire.", "uncited"),
        ("Russia brokered a cease", "truncated"),
        ("“Russia brokered the peace”. [1]", "quote_not_found"),
    ],
)
def test_what_fails_is_dropped_and_the_extractive_answer_given(reply: str, reason: str) -> None:
    streamed, writing = composed(ScriptedWriter(reply), TRUCE, TURKEY)
    reading, documents = reading_of(TRUCE, TURKEY)
    plain = compose_extractive(reading, documents)
    assert (writing.stood, reasons(writing)) == (0, [reason])
    assert shown(writing) == marked_text(plain.statements)
    assert tuple(streamed) == plain.statements


def test_a_failed_sentence_is_replaced_by_the_one_it_cites() -> None:
    _, writing = composed(
        ScriptedWriter("Russia brokered a ceasefire. [1] Iran sent two observers. [2]"),
        TRUCE, TURKEY,
    )  # fmt: skip
    assert shown(writing) == f"Russia brokered a ceasefire. [1] {TURKEY} [2]"
    assert (writing.stood, reasons(writing)) == (1, ["unsupported"])


def test_the_best_sentence_is_never_left_out() -> None:
    _, writing = composed(ScriptedWriter(f"{TURKEY} [2]"), TRUCE, TURKEY)
    assert shown(writing) == f"{TURKEY} [1] {TRUCE} [2]"


def test_a_sentence_that_loses_the_readers_answer_is_replaced() -> None:
    _, writing = composed(
        ScriptedWriter("Russia brokered a ceasefire. [1]"), TRUCE, answer="was near"
    )
    assert (shown(writing), reasons(writing)) == (f"{TRUCE} [1]", ["answer_left_out"])


PROMISED, LEFT, WALKED = "Olof Strand had promised it.", "He left on 3 May.", "Per Moe walked home."


def written_over(*replies: str, found: tuple[tuple[str, str, float], ...]) -> str:
    """What is shown of a reply over `(source, sentence, company)` of two documents."""
    texts = {"a.txt": f"{PROMISED} {LEFT}", "b.txt": f"{WALKED} {LEFT}", "c.txt": WALKED}
    documents = {s: replace(document(t), source=s) for s, t in texts.items()}
    evidence = []
    for n, (source, words, company) in enumerate(found, start=1):
        text = texts[source]
        span = Span(text.index(words), text.index(words) + len(words))
        hit = Hit(Passage(f"p{n}", n, source, 0, len(text), text, 1, 1), 1.0)
        evidence.append(
            Evidence(n, hit, (EvidenceSentence(span, 0.9 - n / 100, company),), None, 0.9 - n / 100)
        )
    composer = GenerativeComposer(ScriptedWriter(*replies))
    made = [*composer.compose(understand("Why?"), Reading(tuple(evidence), 0.9), documents)]
    assert isinstance(made[-1], Writing)
    return shown(made[-1])


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        # The exhibits are WALKED, PROMISED and LEFT.
        (f"{WALKED} [1] {LEFT} [3]", f"{WALKED} [1] {PROMISED} [2] {LEFT} [3]"),
        (
            f"{PROMISED} [2] {WALKED} [1] {LEFT} [3]",
            f"{PROMISED} [1] {WALKED} [2] {PROMISED} [1] {LEFT} [3]",
        ),
        (
            "Per Moe walked home, and he left on 3 May. [1][3]",
            f"{WALKED} [1] {PROMISED} [2] {LEFT} [3]",
        ),
        (
            f"{WALKED} [1] Olof Strand had promised it, and he left on 3 May. [2][3]",
            f"{WALKED} [1] Olof Strand had promised it, and he left on 3 May. [2][3]",
        ),
    ],
)
def test_a_pronoun_stands_right_behind_whom_it_means(reply: str, expected: str) -> None:
    found = (("c.txt", WALKED, 0.9), ("a.txt", LEFT, 0.9))
    assert written_over(reply, found=found) == expected


LED, SHOT = "The choir, which Per Moe led, walked home in May.", "He was ill by then."


@pytest.mark.parametrize("second", [f" {SHOT} [2]", ""])
def test_whom_the_next_sentence_means_stays_named(second: str) -> None:
    told = replace(document(f"{LED} {SHOT}"), source="a.txt")
    spans = [Span(0, len(LED)), Span(len(LED) + 1, len(told.text))]
    hit = Hit(Passage("p1", 1, "a.txt", 0, len(told.text), told.text, 1, 1), 1.0)
    found = Evidence(1, hit, (EvidenceSentence(spans[1], 0.9, 0.9),), None, 0.9)
    writer = ScriptedWriter(f"The choir walked home in May. [1]{second}")
    reading = Reading((found,), 0.9)
    made = [*GenerativeComposer(writer).compose(understand("Why?"), reading, {"a.txt": told})]
    assert isinstance(made[-1], Writing)
    assert shown(made[-1]) == f"{LED} [1] {SHOT} [2]"


def test_an_answer_inside_another_word_is_left_out() -> None:
    said = "The wardens, who came after the war, quit on Friday."
    writer = ScriptedWriter("The wardens quit on Friday. [1]")
    streamed, writing = composed(writer, said, TRUCE, answer="war")
    assert streamed[0].text == said
    assert reasons(writing) == ["answer_left_out"]


def test_the_grammar_joins_no_pronoun_to_another_man() -> None:
    one, other = Cited(WALKED), Cited(LEFT)
    assert "j1" not in (grammar_of([one, other]) or "")
    assert "j1" in (grammar_of([one, Cited(LEFT, before=WALKED)]) or "")


def test_a_repetition_is_dropped() -> None:
    _, writing = composed(ScriptedWriter(f"{TRUCE} [1] {TRUCE} [1]"), TRUCE)
    assert (shown(writing), reasons(writing)) == (f"{TRUCE} [1]", ["repeated"])


INTERVIEW = """An interview with Ada Berg

Berg: We had two ships, which were old, and no crew.

Holm: Did you sail?

Berg: The harbour was closed, which nobody knew, for a year.

Holm: And then?
"""


def test_what_is_led_in_by_a_speakers_name_stays_as_it_is() -> None:
    said = "The harbour was closed, which nobody knew, for a year."
    paragraphs, at = [], 0
    for number, block in enumerate(INTERVIEW.rstrip().split("\n\n"), start=1):
        paragraphs.append(Paragraph(number, at, at + len(block)))
        at += len(block) + 2
    talk = Document("talk.txt", INTERVIEW, "ab" * 32, "text", tuple(paragraphs))
    span = Span(INTERVIEW.index(said), INTERVIEW.index(said) + len(said))
    hit = Hit(Passage("p1", 1, "talk.txt", 0, len(INTERVIEW), INTERVIEW, 1, 1), 1.0)
    found = Evidence(1, hit, (EvidenceSentence(span, 0.9, 0.9),), None, 0.9)
    writer = ScriptedWriter("The harbour was closed for a year. [1]")
    composer = GenerativeComposer(writer)
    made = [*composer.compose(understand("Why?"), Reading((found,), 0.9), {"talk.txt": talk})]
    writing = made[-1]
    assert isinstance(writing, Writing)
    plain = compose_extractive(Reading((found,), 0.9), {"talk.txt": talk})
    assert "According to Berg: " in plain.statements[0].text
    assert writing.composition.statements == plain.statements
    assert writing.stood == 0


def test_where_nothing_is_left_to_choose_the_model_is_not_asked() -> None:
    streamed, writing = composed(ScriptedWriter(), TURKEY)
    assert [s.text for s in streamed] == [TURKEY]
    assert (writing.stood, writing.composition.dropped) == (0, ())


def test_without_evidence_the_model_is_not_asked() -> None:
    streamed, writing = composed(ScriptedWriter())
    assert (streamed, writing.composition.statements) == ([], ())


def test_a_statement_comes_before_the_model_has_gone_on() -> None:
    reading, documents = reading_of(TRUCE, TURKEY)
    writer = ScriptedWriter([f"{TRUCE} [1", "] ", "Tur", "key sent 3"])
    made = GenerativeComposer(writer).compose(understand("Q?"), reading, documents)
    first = next(made)
    assert isinstance(first, Statement)
    assert (first.text, writer.closed) == (TRUCE, 0)
    made.close()  # type: ignore[attr-defined]
    del made
    assert writer.closed == 1


def test_a_writer_that_breaks_off_is_an_error_and_the_composer_stays_usable() -> None:
    class Broken(ScriptedWriter):
        def generate(self, *given, **options):
            yield "Russia "
            if not self.replies:
                raise ModelUnavailable("It broke off.")
            yield self.replies.pop()[0]

    writer = Broken("brokered a ceasefire. [1]")
    reading, documents = reading_of(TRUCE)
    composer = GenerativeComposer(writer)
    assert [*composer.compose(understand("Q?"), reading, documents)][-1].stood == 1
    with pytest.raises(ModelUnavailable):
        list(composer.compose(understand("Q?"), reading, documents))


def test_the_prompt_holds_the_evidence_with_date_and_source_and_nothing_else() -> None:
    writer = ScriptedWriter("")
    composed(writer, TRUCE, TURKEY, question="Who brokered it?")
    assert f"[1] (1.txt, 2020-11-10) {TRUCE}\n[2] (2.txt, 2020-11-10) {TURKEY}" in writer.prompt
    assert writer.prompt.endswith("Question: Who brokered it?")
    assert [m.role for m in writer.asked[0]] == ["system", "user"]


def test_a_prompt_that_is_too_long_loses_its_last_evidence(monkeypatch) -> None:
    monkeypatch.setattr("rag.compose.generative.MAX_PROMPT_TOKENS", 74)
    writer = ScriptedWriter("")
    composed(writer, TRUCE, TURKEY)
    assert TRUCE in writer.prompt
    assert TURKEY not in writer.prompt


def parsed(*pieces: str) -> list[tuple[str, tuple[int, ...], bool]]:
    return [(w.text, w.numbers, w.whole) for w in sentences_written(pieces)]


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ("One. [1] Two. [2]", [("One.", (1,), True), ("Two.", (2,), True)]),
        ("One [1]. Two [2].", [("One.", (1,), True), ("Two.", (2,), True)]),
        ("One. [1][2]", [("One.", (1, 2), True)]),
        ("One. [1, 2]", [("One.", (1, 2), True)]),
        ("One [1] and two [2].", [("One and two.", (1, 2), True)]),
        ("Zero. One. [1]", [("Zero.", (), True), ("One.", (1,), True)]),
        ("One. [1] And th", [("One.", (1,), True), ("And th", (), False)]),
        ("- **One.** [1]\n- Two. [2]", [("One.", (1,), True), ("Two.", (2,), True)]),
        ("One. [1]. Two. [2].", [("One.", (1,), True), ("Two.", (2,), True)]),
        (
            "One." + " \n" * 9 + "[1]" + "\n" * 9 + "Two. [2]",
            [("One.", (1,), True), ("Two.", (2,), True)],
        ),
        ("[1]", [("", (1,), True)]),
        ("", []),
    ],
)
def test_a_reply_is_taken_apart(reply: str, expected: list[object]) -> None:
    assert parsed(reply) == expected
    assert parsed(*reply) == expected


def test_the_view_knows_where_its_characters_stand() -> None:
    text = "The “ﬁrst”\u00a0peace-\n  keepers\u200b went—e\u0301tude."
    view = view_of(text)
    assert view.text == 'The "first" peacekeepers went-étude.'
    assert view.find("peacekeepers").of(text) == "peace-\n  keepers"
    assert view.find("'first'") is None
    assert view.find('"first"').of(text) == "“ﬁrst”"
    assert view.find("étude.").of(text) == "e\u0301tude."


def test_evidence_with_marks_in_it_is_not_in_the_grammar() -> None:
    assert grammar_of([Cited("He said [2] nothing.")]) is None
    grammar = grammar_of([Cited("He said [2] nothing."), Cited(TRUCE)])
    assert grammar is not None
    assert '[2]"' in grammar
    assert '[1]"' not in grammar


@pytest.mark.parametrize(
    "text",
    [
        "(8) Does it hold for guests (in Lund)?",
        "(However, few came.) They left, which nobody saw.",
        "You may bring what you need, including:",
    ],
)
def test_a_sentence_that_would_lose_its_signs_stays_as_it_is(text: str) -> None:
    assert grammar_of([Cited(text), Cited(text)]) is None


def test_the_grammar_keeps_the_signs_and_capitals_of_the_source() -> None:
    shout, brand = "They won the cup again!", "iPad sales (the old ones); and rents, fell in May."
    grammar = grammar_of([Cited(shout), Cited(brand)]) or ""
    assert 't1: b1 "! [1]"' in grammar
    assert '"iPad sales"' in grammar
    assert "IPad" not in grammar
    assert '"; " r2x2' in grammar
