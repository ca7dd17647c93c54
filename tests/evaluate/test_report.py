"""The page: self-contained, harmless, and it shows what went wrong."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from rag.errors import BadInput
from rag.evaluate.compare import compare
from rag.evaluate.failures import failure_of
from rag.evaluate.page import table
from rag.evaluate.plots import Axis, Interval, histogram, intervals, line_plot
from rag.evaluate.questions import GoldEvidence
from rag.evaluate.report import write_report
from rag.evaluate.row import row_of
from rag.evaluate.summary import summarise
from rag.types import Turn
from tests.evaluate.samples import given, outcome, place, question, refused
from tests.render.samples import HOSTILE

EVIL = "<script>alert(1)</script>'\"&<img src=http://evil.example/x>" + HOSTILE
PASSAGE = {
    "source": "b.txt",
    "text": "In 476 Rome fell for good.",
    "page": None,
    "start": 0,
    "end": 26,
    "paragraph": 2,
    "score": 0.5,
}
VOID = {"meta", "input"}
OPEN_ENDED = {"p", "td", "th", "tr", "dt", "dd", "html"}


class Page(HTMLParser):
    """Checks that tags nest, and collects them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.texts: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID | OPEN_ENDED:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag) -> None:
        if tag not in OPEN_ENDED:
            assert self.open.pop() == tag

    def handle_data(self, data) -> None:
        self.texts.append(data)


def asked(n: int = 0, **gold):
    return question(id=f"q{n}", text=f"Question {n}?", types=("fact",), **gold)


def page(tmp_path, outcomes, baseline=None) -> tuple[str, Page]:
    rows = [row_of(o) for o in outcomes]
    before = {("s", r.id): r for r in map(row_of, baseline or [])}
    path = tmp_path / "r.html"
    write_report(path, [summarise("s", rows)], {"s": outcomes}, compare(before, "s", rows))
    text = path.read_text(encoding="utf-8")
    return text, Page(text)


def right_and_wrong(count: int = 12):
    answers = [given(f"{'Rome' if n % 2 else 'Carthage'} fell.", confidence=n / 12)
               for n in range(count)]  # fmt: skip
    return [
        outcome(asked(n, answers=("Rome",), relevant=("x",)), a, ranked=("y", "x"),
                cited_ids=("x",), milliseconds=5.0 + n, verbatim=(True,), passages=(PASSAGE,))
        for n, a in enumerate(answers)
    ]  # fmt: skip


def test_everything_that_there_is_data_for_is_shown(tmp_path) -> None:
    text, parsed = page(tmp_path, right_and_wrong())
    captions = re.findall(r"<figcaption><b>(.*?)</b>", text)
    assert captions == [
        "Recall at k",
        "By type of question",
        "Risk against coverage",
        "Reliability",
        "Latency",
    ]
    for heading in ("Plots", "All figures", "By type of question", "Failures: 6 of 12 questions"):
        assert f"<h3>{heading}</h3>" in text
    assert parsed.open == []
    assert "12 questions, every one counted." in text


def test_without_data_a_plot_is_left_out(tmp_path) -> None:
    text, _ = page(tmp_path, [outcome(question(), refused())])
    assert re.findall(r"<figcaption><b>(.*?)</b>", text) == ["Latency"]
    assert "<h3>Failures</h3><p>None." in text


def test_nothing_is_loaded_from_anywhere(tmp_path) -> None:
    text, parsed = page(tmp_path, right_and_wrong())
    for tag, attributes in parsed.tags:
        assert tag not in {"link", "img", "iframe", "object", "base"}
        assert not {"src", "href", "style", "onclick"} & set(attributes), tag
    assert "@import" not in text
    assert "url(" not in text
    assert "default-src 'none'" in text


def test_hostile_text_is_shown_and_not_obeyed(tmp_path) -> None:
    evil = question(
        id=EVIL,
        text=EVIL,
        types=(EVIL,),
        answers=(EVIL,),
        references=(EVIL,),
        evidence=(GoldEvidence(EVIL, EVIL),),
        relevant=(EVIL,),
        history=(Turn(EVIL, EVIL),),
        source=EVIL,
    )
    answer = given(EVIL, quotes=["none"])
    answer["statements"] = [{"text": "none of it"}]
    answer["citations"][0]["source"] = EVIL
    made = outcome(evil, answer, passages=({**PASSAGE, "text": EVIL, "source": EVIL},))
    assert failure_of(made) == "wrong, not retrieved"
    text, parsed = page(tmp_path, [made])
    assert [tag for tag, _ in parsed.tags].count("script") == 1
    assert "img" not in {tag for tag, _ in parsed.tags}
    assert parsed.open == []
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff]", text)
    assert "<script>alert(1)</script>" in "".join(parsed.texts[:-1])


def test_a_failure_is_shown_with_all_that_explains_it(tmp_path) -> None:
    wanted = question(
        id="q7",
        text="What fell?",
        types=("fact", "hard"),
        answers=("Rome",),
        references=("It was Rome.",),
        evidence=(GoldEvidence("b.txt", "Rome fell", 3),),
        history=(Turn("user", "Earlier?"),),
        until="2020",
    )
    made = outcome(wanted, given("Carthage. [1]"), passages=(PASSAGE,), cited=(place("Carthage."),))
    text, _ = page(tmp_path, [made])
    shown = text[text.index("<h3>Failures") :]
    for part in ("wrong, though retrieved", "What fell?", "It was Rome.", "Earlier?", "until 2020",
                 "b.txt, page 4", "confidence 0.50", "b.txt, paragraph 2"):  # fmt: skip
        assert part in shown
    assert "In 476 <mark>Rome</mark> fell for good." in shown
    assert "<b class=good>gold</b>" in shown


@pytest.mark.parametrize(
    ("made", "kind"),
    [
        (outcome(question(), None, error="x"), "error"),
        (outcome(question(answerable=False), given()), "answered the unanswerable"),
        (outcome(question(answerable=False), refused()), None),
        (outcome(question(answers=("Rome",)), given("Rome fell.")), None),
        (outcome(question(answers=("Oslo",)), given("Rome fell.")), "wrong"),
        (outcome(question(answers=("Oslo",)), refused()), None),
        (outcome(question(answers=("Oslo",), answerable=True), refused()), "abstained"),
        (
            outcome(question(answers=("Oslo",), relevant=("x",)), given("Rome."), ranked=("x",)),
            "wrong, though retrieved",
        ),
        (
            outcome(question(answers=("Oslo",), relevant=("x",)), given("Rome.")),
            "wrong, not retrieved",
        ),
        (
            outcome(question(answerable=True, relevant=("x",)), refused(), ranked=("x",)),
            "abstained, though retrieved",
        ),
        (
            outcome(question(answerable=True, relevant=("x",)), refused()),
            "abstained, not retrieved",
        ),
        (outcome(question(relevant=("x",)), given(), cited_ids=("y",)), "cited elsewhere"),
        (outcome(question(relevant=("x",)), None, asked=False), "not retrieved"),
        (outcome(question(relevant=("x",)), None, asked=False, ranked=("x",)), None),
    ],
)
def test_kinds_of_failure(made, kind) -> None:
    assert failure_of(made) == kind


def test_the_comparison_says_what_was_lost(tmp_path) -> None:
    after = right_and_wrong()
    before = [outcome(o.question, given("Rome fell."), ranked=("x",)) for o in after]
    text, _ = page(tmp_path, after, before)
    assert "<h3>Against the baseline</h3>" in text
    assert "<span class=bad>loss</span>" in text


def test_long_lists_of_failures_are_cut_and_say_so(tmp_path) -> None:
    many = [outcome(asked(n, answers=("Oslo",)), given("Rome.")) for n in range(405)]
    text, _ = page(tmp_path, many)
    assert text.count("<details ") == 400
    assert "5 more are in the records" in text


def test_a_page_that_cannot_be_written(tmp_path) -> None:
    with pytest.raises(BadInput, match="cannot be written"):
        write_report(tmp_path, [], {}, [])


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (0, 1, [0, 0.25, 0.5, 0.75, 1]),
        (0, 20, [0, 5, 10, 15, 20]),
        (0, 10, [0, 5, 10]),
        (0, 337, [0, 100, 200, 300]),
        (0, 0, [0]),
    ],
)
def test_ticks_are_round(low, high, ticks) -> None:
    assert Axis("x", low, high).ticks() == ticks


def test_plots_stay_inside_their_frame() -> None:
    axes = (Axis("k", 0, 10), Axis("y"))
    svg = line_plot("t", "n", axes, [(0, 0.0), (10, 1.0)], ideal=((0, 0), (10, 1)))
    assert "points='46.0,208.0 346.0,12.0'" in svg
    svg = histogram("t", "n", "ms", [0.0, 10.0, 10.0], [("p50", 10.0)])
    assert re.findall(r": (\d+)</title>", svg) == ["1", *["0"] * 22, "2"]
    svg = intervals("t", "n", [Interval("<b>", 0.5, 0.25, 2.0, 3)])
    assert "&lt;b&gt;: 0.500 (0.250 to 2.000, n 3)" in svg
    assert "H316.0" in svg  # an end beyond 1 is drawn at 1


def test_cells_of_a_table_are_html() -> None:
    assert table(("a",), [("<b>x</b>",)]).endswith("<tr><th>a<tr><td><b>x</b></table></div>")


@pytest.mark.parametrize(
    ("passage", "is_gold"),
    [
        ({"source": "s/corpus.jsonl#7"}, True),
        ({"source": "s/corpus.jsonl#War#7"}, False),
        ({"source": "s/corpus.jsonl#8", "also_in": ["s/corpus.jsonl#7"]}, True),
    ],
)
def test_the_passage_of_that_very_id_is_marked_as_gold(tmp_path, passage, is_gold) -> None:
    made = outcome(question(answers=("Oslo",), relevant=("7",)), given("Rome."),
                   passages=({**PASSAGE, **passage},))  # fmt: skip
    text, _ = page(tmp_path, [made])
    assert ("<b class=good>gold</b>" in text) is is_gold
