"""The terminal form: wrapped to the width, coloured or not, never driven by a document."""

from __future__ import annotations

import io
import re

import pytest
from rich.cells import cell_len
from rich.console import Console

from rag.render.answers import answer_lines
from rag.render.hits import hit_columns, hit_lines, hit_table
from rag.render.lines import BLANK, line, to_text
from rag.render.terminal import StreamPrinter, make_console, print_lines
from tests.render.samples import HOSTILE, abstained, answered, citation, hit

CODES = re.compile(r"\x1b\[[0-9;]*m")
LATIN = "The line that stopped at the river was drawn by people who had never seen it. " * 3
RTL = "وقف إطلاق النار الذي توسطت فيه روسيا أنهى الحرب في عام ٢٠٢٠ بعد أربعة وأربعين يوما. " * 2
CJK = "俄罗斯斡旋的停火协议结束了二零二零年的战争，维和部队随后抵达了该地区并驻扎在走廊沿线。" * 2


def terminal(width: int = 80, **options: object) -> tuple[Console, io.StringIO]:
    out = io.StringIO()
    environ = options.pop("_environ", {"TERM": "xterm-256color"})
    console = make_console(
        out, width=width, force_terminal=True, _environ=environ, color_system="256", **options
    )
    return console, out


def rendered(answer, width: int) -> str:
    console, out = terminal(width)
    print_lines(console, answer_lines(answer, seconds=True))
    return out.getvalue()


@pytest.mark.parametrize("width", [40, 120])
@pytest.mark.parametrize("text", [LATIN, RTL, CJK], ids=["latin", "rtl", "cjk"])
def test_every_line_fits_the_width_and_no_word_is_lost(text: str, width: int) -> None:
    shown = CODES.sub("", rendered(answered(text.strip()), width))
    assert max(cell_len(row) for row in shown.splitlines()) <= width
    kept = "".join(shown.split())
    assert kept.count("".join(text.split())) == 2  # in the answer and in its quote
    assert not any(row.endswith(" ") for row in shown.splitlines())


def test_a_quote_is_set_off_under_its_source() -> None:
    shown = CODES.sub("", rendered(answered(LATIN.strip()), 40)).splitlines()
    source = next(n for n, row in enumerate(shown) if row.startswith("[1] corpus/file.txt"))
    under = shown[source + 1 : shown.index("", source)]
    assert len(under) > 3
    assert all(row.startswith("    ") for row in under)


@pytest.mark.parametrize("width", [12, 20, 33, 34])
def test_where_no_room_is_beside_the_lead_the_text_goes_below(width: int) -> None:
    console, out = terminal(width)
    lead = "> 3  page 1, line 11  "
    print_lines(
        console, [line(LATIN, lead=lead), BLANK, line(lead=lead), line("Row", lead=" " * 22)]
    )
    rows = CODES.sub("", out.getvalue()).splitlines()
    assert max(map(cell_len, rows)) <= width
    assert "".join(LATIN.split()) in "".join("".join(rows).split())
    beside = width >= len(lead) + 12
    assert rows[0].startswith("> 3  page 1, line 11  The") is beside
    assert rows[-1] == " " * (22 if beside else 2) + "Row"


def test_markers_are_coloured_and_a_source_s_own_brackets_are_not() -> None:
    shown = rendered(answered("As a footnote[7] says [sic]."), 120)
    assert "\x1b[1;36m[1]" in shown
    assert "footnote[7]" in CODES.sub("", shown)
    assert "m[7]" not in shown


def test_a_style_ends_where_its_piece_ends() -> None:
    row = next(r for r in rendered(answered(), 120).splitlines() if "corpus/file.txt" in r)
    assert row == (
        "\x1b[1;36m[1] \x1b[0m\x1b[1mcorpus/file.txt\x1b[0m · 2023-11-07 · paragraph 4, line 7"
    )


def test_the_footer_has_confidence_and_seconds() -> None:
    assert "confidence 93% · 1.2 s" in CODES.sub("", rendered(answered(), 80))


@pytest.mark.parametrize("answer", [answered(HOSTILE), abstained(HOSTILE)], ids=["said", "not"])
def test_only_our_own_codes_reach_the_terminal(answer) -> None:
    shown = rendered(answer, 120)
    rest = CODES.sub("", shown)
    assert "\x1b" not in rest
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\ud800]", rest)
    assert "[bold]bold[/bold]" in rest
    assert "[link=http://x]y[/link]" in rest
    assert ":smile:" in rest
    assert "\x1b[31m" not in shown


def test_a_hostile_source_name_is_shown_not_obeyed() -> None:
    name = "corpus/\x1b]0;owned\x07[red]x.txt"
    shown = rendered(answered(citations=(citation(source=name),)), 120)
    assert "␛]0;owned␇[red]x.txt" in CODES.sub("", shown)


def test_no_color_takes_the_colours_and_nothing_else() -> None:
    console, out = terminal(80, _environ={"TERM": "xterm", "NO_COLOR": "1"})
    print_lines(console, answer_lines(answered()))
    assert "36" not in "".join(CODES.findall(out.getvalue()))
    assert "Russia brokered the ceasefire. " in CODES.sub("", out.getvalue())


def test_the_width_comes_from_the_environment() -> None:
    out = io.StringIO()
    console = make_console(out, force_terminal=True, _environ={"COLUMNS": "33", "TERM": "xterm"})
    print_lines(console, answer_lines(answered(LATIN)))
    assert max(cell_len(CODES.sub("", row)) for row in out.getvalue().splitlines()) <= 33


def test_a_width_of_nothing_loses_no_word() -> None:
    out = io.StringIO()
    console = make_console(out, force_terminal=True, _environ={"COLUMNS": "0", "TERM": "xterm"})
    printer = StreamPrinter(console)
    printer.feed("The incomprehensibilities of it. ")
    printer.end()
    print_lines(console, answer_lines(answered("It held.")))
    shown = "".join(CODES.sub("", out.getvalue()).split())
    assert shown.startswith("Theincomprehensibilitiesofit.Itheld.")


def test_plain_text_does_not_depend_on_a_width() -> None:
    assert LATIN.strip() + " [1]" in to_text(answer_lines(answered(LATIN.strip()))).splitlines()


@pytest.mark.parametrize("text", [LATIN, RTL, CJK], ids=["latin", "rtl", "cjk"])
@pytest.mark.parametrize("size", [1, 7, 1000])
def test_streamed_text_is_wrapped_like_the_whole(text: str, size: int) -> None:
    console, out = terminal(40)
    printer = StreamPrinter(console)
    said = f"{text.strip()} [1][2] "
    for at in range(0, len(said), size):
        printer.feed(said[at : at + size])
    printer.end()
    shown = out.getvalue()
    rows = CODES.sub("", shown).splitlines()
    assert max(map(cell_len, rows)) <= 40
    assert "".join("".join(rows).split()) == "".join(said.split())
    assert "\x1b[1;36m[1][2]\x1b[0m" in shown


def test_streamed_text_keeps_paragraphs_and_neutralises() -> None:
    console, out = terminal(40)
    printer = StreamPrinter(console)
    printer.feed("One.\n\nTwo \x1b[2")
    printer.feed("J\r\x1b]0;x\x07 end [9")
    printer.feed("]")
    printer.end()
    plain = CODES.sub("", out.getvalue())
    assert "\x1b" not in plain
    assert plain.splitlines() == ["One.", "Two ␛[2J", "␛]0;x␇ end [9]"]


def test_search_columns_are_the_same_for_every_query() -> None:
    rows = to_text(hit_columns([hit(1, "Tab\there"), hit(2, date=None)])).splitlines()
    assert rows[0].split("\t") == [
        "rank", "score", "dense", "lexical", "rerank", "date", "source", "paragraph", "text",
    ]  # fmt: skip
    assert rows[1].split("\t") == [
        "1", "0.0164", "1", "2", "-", "2020-11-10", "corpus/near.txt", "2", "Tab here",
    ]  # fmt: skip
    assert rows[2].split("\t")[5] == "-"


@pytest.mark.parametrize("width", [90, 120])
def test_the_search_table_fits_and_is_not_markup(width: int) -> None:
    console, out = terminal(width)
    console.print(hit_table([hit(1, HOSTILE, source="corpus/" + "long-" * 30), hit(2)]))
    shown = CODES.sub("", out.getvalue())
    assert max(map(cell_len, shown.splitlines())) <= width
    assert "\x1b" not in shown
    assert "[bold]" in shown
    assert "rerank" not in shown


def test_the_narrow_form_of_a_search_names_the_legs() -> None:
    console, out = terminal(40)
    print_lines(console, hit_lines([hit(1)]))
    shown = CODES.sub("", out.getvalue())
    assert "dense 1 · lexical 2" in " ".join(shown.split())
    assert max(map(cell_len, shown.splitlines())) <= 40
