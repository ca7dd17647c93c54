"""What a sentence may lose between two commas, and what must not close the gap."""

from __future__ import annotations

import pytest

from rag.compose.claims import fault
from rag.compose.grammar import grammar_of
from rag.compose.parts import Cited, parts_of


def judged(text: str, evidence: str) -> str | None:
    return fault(text, [Cited(evidence)])


@pytest.mark.parametrize(
    ("text", "evidence"),
    [
        # The subject of what is left would be another.
        ("He praised the chief, who was ill, quit on Friday.",
         "He praised the chief, whose first aide, who was ill, quit on Friday."),
        ("He praised the chief quit on Friday.",
         "He praised the chief, whose first aide, who was ill, quit on Friday."),
        ("He met the owner of the mill, which had burned.",
         "He met the owner of the mill, whose son ran the dairy, which had burned."),
        ("The board sacked the chief citing his health.",
         "The board sacked the chief, who had left the town, citing his health."),
        ("The lorry hit a wall killing four.", "The lorry hit a wall, which fell, killing four."),
        # Half of what was added would be left.
        ("All voted for the plan for the first time, Malta.",
         "All voted for the plan, including, for the first time, Malta."),
        ("The dairy under pressure, cut its prices, failed.",
         "The dairy, which had, under pressure, cut its prices, failed."),
        ("Twelve mills Vega, Orbit, were fined.",
         "Twelve mills, including Nova, Vega, Orbit, were fined."),
        ("The lorry carried gear ropes, tents.", "The lorry carried gear, including saws, ropes,"
         " tents."),
        ("Nova, Vega Orbit signed.", "Nova, Vega, and, moreover, Orbit signed."),
        ("The plan failed the owner fled.", "The plan, which failed; the owner fled."),
        # The figure would be another.
        ("The fare is 40 crowns.", "The fare is 40 crowns, including the return."),
        ("The fare is 40 crowns.", "The fare, including tax, is 40 crowns."),
        ("The fare is 40 crowns.", "The fare (including tax) is 40 crowns."),
        ("Profit was 4 million.", "Profit was 4 million, stripping out fuel."),
        ("The dairy failed it owed 5 million.",
         "The dairy failed; including its branches, it owed 5 million."),
        # Of whom or of which it is true would be another.
        ("All pupils get a pass.", "All pupils, who are under ten, get a pass."),
        ("The rule bans dogs in parks.", "The rule bans dogs in parks, exempting guide dogs."),
        ("Paris banned the march.", "Paris (Texas) banned the march."),
        ("Mr Holm (the elder) signed.", "Mr Holm (the younger) signed."),
        ("Holm signed it.", "Holm (the elder) signed it."),
        ("The final was won by Norway.", "The final (Women) was won by Norway."),
        ("The admiral warned them.", "The admiral (Ret.) warned them."),
        ("The board established.", "The board established, who signed it."),
        ("The three causes were: flooding.", "The three causes were: flooding, speeding."),
        # Whom a pronoun means would be gone.
        ("The choir left after he fell ill.",
         "The choir, which Per Holm led, left after he fell ill."),
        # What only looks like a word that leads in.
        ("Many boats sailed, the island fell.", "However many boats sailed, the island fell."),
        ("For the rain, they would have won.", "But for the rain, they would have won."),
        ("Far, 40 boats have left.", "Thus far, 40 boats have left."),
        ("Ended the longest strike.", "Thus ended the longest strike."),
    ],
)  # fmt: skip
def test_what_cannot_go_stays(text: str, evidence: str) -> None:
    assert judged(text, evidence) is not None


@pytest.mark.parametrize(
    ("text", "evidence"),
    [
        ("The talks resumed in Lund.", "The talks, which had stalled, resumed in Lund."),
        ("Clerks in the port quit on Friday.",
         "Clerks in the port, including two chiefs, quit on Friday."),
        ("The rule holds for all firms with a seat here.",
         "The rule holds for all firms, including small ones, with a seat here."),
        ("In Lund the mayor quit.", "In Lund, which is old, the mayor quit."),
        ("Nova employs four clerks.", "Nova, which makes ropes, employs four clerks."),
        ("The pact was signed, ending a feud.",
         "The pact, which took a year, was signed, ending a feud."),
        ("The pact was signed.", "The pact was signed, binding both sides."),
        ("The Bank of Lund failed.", "The Bank of Lund (BL) failed."),
        ("The price fell.", "Thus the price fell."),
        ("Few came.", "However, few came."),
        ("The choir left in May.", "The choir, which Per Holm led, left in May."),
    ],
)  # fmt: skip
def test_what_only_adds_may_go(text: str, evidence: str) -> None:
    assert judged(text, evidence) is None


@pytest.mark.parametrize(
    ("text", "evidence"),
    [
        ("The clerk, said Holm, lied.", "The clerk said Holm lied."),
        ("The clerk said Holm lied.", "The clerk, said Holm, lied."),
        ("Some men, armed guards fled.", "Some men armed guards fled."),
        ("They lost 4 5.", "They lost 4:5."),
        ("Hepatitis spread here.", "Hepatitis A spread here."),
        ("The number of men left.", "A number of men left."),
        ("He met polish troops.", "He met Polish troops."),
    ],
)
def test_signs_letters_and_capitals_mean_something(text: str, evidence: str) -> None:
    assert judged(text, evidence) is not None


def test_a_comma_behind_an_aside_stays_where_the_next_part_goes() -> None:
    text = "Two pilots, including Holm, which the club trained, left in May."
    grammar = grammar_of([Cited(text), Cited(text)]) or ""
    assert '" " r1x3' in grammar
    parts = parts_of(Cited(text))
    assert parts.goes_on(0) == [1, 3]
