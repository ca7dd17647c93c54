"""Names in a text: hyphens, apostrophes, acronyms and what they stand for."""

from __future__ import annotations

import pytest

from rag.asking.question import understand
from rag.words.mentions import lacking_names, mentions_of, stands_in, whole_names


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Ter-Petrosyan", "President Ter-Petrosyan resigned."),
        ("Nagorno-Karabakh", "war in Nagorno-Karabakh"),
        ("Nagorno-Karabakh", "war in Nagorno Karabakh"),
        ("O’Brien", "as O'Brien wrote"),
        ("EU", "The European Union sent observers."),
        ("OSCE", "the Organization for Security and Co-operation in Europe"),
        ("US", "the U.S. embassy"),
        ("Armenia", "the Armenian army"),
        ("NATO", "nato said so"),
        ("Oslo", "Oslo's mayor"),
        ("EU", "the EU’s envoys"),
        ("NATO", "NATO's fleet"),
        ("US", "the US-led fleet"),
        ("US-led", "a US-led fleet"),
        ("EU-Georgia", "Georgia and the European Union"),
        ("Orsay", "the house of d’Orsay"),
        ("L'Aquila", "in L’Aquila’s streets"),
        ("L'Aquila", "near Aquila"),
        ("2150", "2,150 men"),
        ("2,150", "2150 men"),
        ("Iran", "Iranian sailors"),
        ("Iraqi", "in Iraq"),
        ("Turkey", "Turkish sailors"),
        ("Turkish", "the Turks"),
        ("Norway", "Norwegian sailors"),
        ("Congo", "Congolese sailors"),
        ("Europe", "the Europeans"),
        ("Nagorno-Karabakh", "in Nagorny Karabakh"),
        ("Erdogan", "as Erdoğan wrote"),
        ("Malmö", "in Malmo"),
        ("Walesa", "Wałęsa’s letter"),
        ("Jørgensen", "Jorgensen wrote"),
        ("20", "the 20th century"),
        ("1990", "in the 1990s"),
        ("5", "5km off"),
    ],
)
def test_a_name_is_found_in_the_forms_that_it_has(name: str, text: str) -> None:
    assert stands_in(name, mentions_of(text))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("US", "he told us so"),
        ("EU", "the Eurasian economy"),
        ("EU", "Europe. Until then nobody came."),
        ("Ter-Petrosyan", "Petrosyan of another family"),
        ("Lachin", "the road through Aghdam"),
        ("IT", "it rained"),
        ("US", "us-led"),
        ("US-led", "led by us"),
        ("2150", "21,500 men"),
        ("EU", "EUR's"),
        ("нет", "нетто"),
        ("India", "individuals indicated it"),
        ("Chile", "the children"),
        ("Austria", "in Australia"),
        ("Georgia", "George wrote"),
        ("Europe", "the euro fell"),
        ("Congo", "Congress met"),
        ("Berger", "Berg wrote"),
        ("Adam", "Adams wrote"),
        ("17", "flight MH17"),
    ],
)
def test_it_is_not_found_where_only_its_letters_are(name: str, text: str) -> None:
    assert not stands_in(name, mentions_of(text))


def test_a_name_that_the_question_spells_out_is_found_by_its_initials() -> None:
    asked = understand("When did the European Union and Georgia sign it?")
    assert lacking_names(asked.full, asked.names, mentions_of("The EU signed in Tbilisi.")) == [
        "Georgia"
    ]


def test_long_digits_are_no_fault() -> None:
    assert not stands_in("9" * 5000, mentions_of("9" * 4999))


def test_a_dotted_acronym_is_one_name() -> None:
    assert understand("What did the U.S. say to Turkey?").names == ("US", "Turkey")
    assert understand("WHO TOLD US?").names == ("TOLD",)


def test_a_missing_part_is_told_with_its_whole_name() -> None:
    asked = understand("Armenia: does the South Caucasus trust Georgia and Ter-Petrosyan?")
    for lacking, told in (
        (["South"], ["South Caucasus"]),
        (["Caucasus", "Georgia", "1988"], ["South Caucasus", "Georgia", "1988"]),
        (["Ter-Petrosyan"], ["Ter-Petrosyan"]),
    ):
        assert whole_names(asked.full, asked.names, lacking) == told
    asked = understand("What Armenia wants")
    assert whole_names(asked.full, asked.names, ["Armenia"]) == ["Armenia"]
    asked = understand("Did the Bank of Lund see the Pact of Farmers' Unity and the Ford of Ribe?")
    for lacking, told in (
        (["Pact", "Farmers", "Unity"], ["Pact of Farmers' Unity"]),
        (["Bank"], ["Bank"]),
        (["Lund", "Ford", "Ribe"], ["Lund", "Ford of Ribe"]),
    ):
        assert whole_names(asked.full, asked.names, lacking) == told
