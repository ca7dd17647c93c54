"""Abbreviations that a text explains, and the initials of names that it spells out."""

from __future__ import annotations

import pytest

from rag.asking.question import understand
from rag.words.abbreviations import defined_in
from rag.words.initials import phrase
from rag.words.mentions import lacking_names, mentions_of


def lacking(question: str, text: str, document: str = "") -> list[str]:
    asked = understand(question)
    return lacking_names(asked.full, asked.names, mentions_of(text), defined_in(document))


@pytest.mark.parametrize(
    ("text", "short", "long"),
    [
        ("the Northern Fishing Council (NFC) met", "NFC", "Northern Fishing Council"),
        ("the NFC (Northern Fishing Council) met", "NFC", "Northern Fishing Council"),
        ("the NFC, or Northern Fishing Council, met", "NFC", "Northern Fishing Council"),
        ("the Northern Fishing Council, or NFC, met", "NFC", "Northern Fishing Council"),
        ("the Northern Fishing Council (the “NFC”, of 1961)", "NFC", "Northern Fishing Council"),
        ("the Office for Trade and Co-operation (OTC)", "OTC", "Office Trade Cooperation"),
        ("the Grand Plan of Reform (GPOR)", "GPOR", "Grand Plan Reform"),
        ("the Ministry of Harbours (MoH)", "MOH", "Ministry Harbours"),
        ("several non-governmental organisations (NGOs)", "NGO", "nongovernmental organizations"),
        ("das Wasserschutzamt (WSA) sagt", "WSA", "Wasserschutzamt"),
        ("Совет по делам рыбаков (СДР)", "СДР", "Совет по делам рыбаков"),
        ("the Highland Farmers' Party (ZPG) lost", "ZPG", "Highland Farmers Party"),
    ],
)
def test_an_abbreviation_is_read_where_it_is_explained(text: str, short: str, long: str) -> None:
    assert defined_in(text) == {short: frozenset({phrase(long.split())})}


@pytest.mark.parametrize(
    "text",
    [
        "Minister Eva Ullman (SP) spoke",
        "Ursula Stone (US) won",
        "Ivar Berg (CEO of Holt) left",
        "LUND (AP) The mayor left",
        "he wrote (NATO was angry) to Lund",
        "the plan, or PLAN, failed",
        "in May (2019) and June (ii)",
        "(NFC)",
    ],
)
def test_what_stands_in_brackets_may_be_something_else(text: str) -> None:
    assert defined_in(text) == {}


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("What did the NFC say?", "The Northern Fishing Council spoke."),
        ("What did the Northern Fishing Council say?", "The NFC spoke."),
        ("What did the GPOR change?", "The Grand Plan of Reform changed little."),
        ("What did the Grand Plan of Reform change?", "The GPOR changed little."),
        ("What did the MoH say?", "The Ministry of Harbours spoke."),
        ("Did an NGO object?", "Several NGOs objected."),
        ("Did NGOs object?", "One NGO objected."),
        ("What did the UNFC say?", "The UN Fishing Council spoke."),
        ("What did the NKC say?", "The North-Karelia Council spoke."),
        (
            "What did the UNESCO say?",
            "United Nations Educational, Scientific and Cultural Organization",
        ),
        ("What did the PM say?", "The prime minister spoke."),
        ("What is the GDP?", "gross domestic product"),
        ("Did the USA agree?", "The US agreed; the United States did."),
        ("Did the US agree?", "The U.S.A. agreed."),
        ("Who lost WW2?", "after the Second World War"),
        ("Who lost the Second World War?", "after WW2"),
        ("Who lost World War II?", "after WWII"),
        ("Did the UK agree?", "Britain agreed."),
        ("Did the British agree?", "The UK agreed."),
        ("Did the Highland Farmers' Party (ZPG) agree?", "The ZPG agreed."),
        ("Did the Highland Farmers' Party (ZPG) agree?", "The Highland Farmers' Party agreed."),
        ("What did the Fishing Organisation say?", "The Fishing Organization spoke."),
        ("Who runs the Defense Center?", "the Defence Centre"),
        ("How many T-72s were lost?", "one T-72 was lost"),
        ("WHEN DID THE WAR END?", "the end of the war"),
    ],
)
def test_a_name_is_there_in_its_short_form_and_in_its_long_one(question: str, text: str) -> None:
    assert lacking(question, text) == []


@pytest.mark.parametrize(
    ("question", "text", "names"),
    [
        ("Did the EU sign?", "Eva Ullman signed.", ["EU"]),
        ("Did Eva Ullman sign?", "The EU signed.", ["Eva", "Ullman"]),
        ("Did the US sign?", "Nobody told us. Umar Sadykov left.", ["US"]),
        ("What did the WHO say?", "WHO TOLD US THE NEWS\nNobody knew.", ["WHO"]),
        ("Did the Prime Minister stay?", "It closed at 5 PM.", ["Prime", "Minister"]),
        ("Did the US pay?", "It cost US$5m.", ["US"]),
        ("What did the IT unit do?", "it rained", ["IT"]),
        ("Did Holt stay?", "The DH stayed.", ["Holt"]),
        ("Is Syria in it?", "The IS left.", ["Syria"]),
        ("What of the South Caucasus?", "The Security Council met.", ["South", "Caucasus"]),
        (
            "What did the National Farming Club say?",
            "The Northern Fishing Council (NFC) spoke.",
            ["National", "Farming", "Club"],
        ),
    ],
)
def test_the_same_letters_are_not_the_same_name(question: str, text: str, names: list[str]) -> None:
    assert lacking(question, text) == names


def test_what_the_document_explains_elsewhere_holds_for_a_passage_of_it() -> None:
    party = "the Highland Farmers' Party (ZPG)"
    assert lacking("Did the ZPG agree?", "The Highland Farmers' Party agreed.", party) == []
    assert lacking("Did the Highland Farmers' Party agree?", "The ZPG agreed.", party) == []
    council = "the Northern Fishing Council (NFC)"
    assert lacking("Did the NFC agree?", "The National Farming Club agreed.", council) == ["NFC"]
    asked = "Did the National Farming Club agree?"
    assert lacking(asked, "The NFC agreed.", council) == ["National", "Farming", "Club"]
    assert lacking(asked, "The NFC agreed.") == []
    asked = "What did the UN Fishing Council say?"
    known = "the United Nations Fishing Council (UNFC)"
    assert lacking(asked, "The UNFC spoke.", known) == []
    known = "the Nortern Fishing Council (NFC)"
    assert lacking("What did the Northern Fishing Council say?", "The NFC spoke.", known) == []
