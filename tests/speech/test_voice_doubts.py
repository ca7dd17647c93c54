"""Whom a pronoun, a quotation or a tag does not mean, and what is nobody's own: more of voice."""

from __future__ import annotations

import pytest

from rag.speech.speakers import same_speaker
from rag.speech.voice import own_author, said_by, voice_of
from rag.types import Span
from rag.words.sentences import sentences
from tests.speech.test_voice import document, voices


@pytest.mark.parametrize(
    "paragraph",
    [
        "Nils Ahlgren hired a diver. He said that the wreck was empty.",
        "Nils Ahlgren argued with a heckler. He said that the wreck was empty.",
        "Nils Ahlgren fans were there. He said that the wreck was empty.",
        "Nils Ahlgren, his son and his driver came. He said that the wreck was empty.",
        "Royal Danish Shell is old. Shell said it was late. He added that it leaked.",
        "Nils Ahlgren paid the ferryman. He said that the wreck was empty.",
        "Nils Ahlgren watched as a stranger rose. He said that the wreck was empty.",
        "Nils Ahlgren was succeeded by a Dane. He said that the wreck was empty.",
        "Nils Ahlgren and his nephew dived there. He said that the wreck was empty.",
        "Nils Ahlgren phoned Brandt. He said that the wreck was empty.",
        "Nils Ahlgren wrote to Brandt. He said that the wreck was empty.",
        "Brandt lost his ship and met Nils Ahlgren. He said that the wreck was empty.",
        "Nils Ahlgren drove us there with a guide called Sam. He said that it was empty.",
        "Vega Motors sold its ships. He said that the wreck was empty.",
        "In Porto Novo it rained. Porto Novo was empty. He said that the wreck was found.",
        "The RS wrote of it. According to him, the wreck was empty.",
    ],
)
def test_a_pronoun_with_a_rival_means_nobody(paragraph: str) -> None:
    assert voices(paragraph)[-1] is None


@pytest.mark.parametrize(
    ("paragraph", "speaker"),
    [
        ("Nils Ahlgren dives in Skagen. He said that the wreck was empty.", "Nils Ahlgren"),
        ("Nils Ahlgren wrote a letter. He said that it was empty.", "Nils Ahlgren"),
        ("Nils Ahlgren sees a larger change. He said that it was empty.", "Nils Ahlgren"),
        ("Nils Ahlgren left Denmark in May. He said that it was empty.", "Nils Ahlgren"),
        ("Nils Ahlgren moved to Skagen. In his view, the wreck was empty.", "Nils Ahlgren"),
        ("Nils Ahlgren runs a school. If Denmark sold it, he said, it was lost.", "Nils Ahlgren"),
        ("About half of it is gone, Nils Ahlgren said. He added that it was old.", "Nils Ahlgren"),
        (
            "Nils Ahlgren, an engineer, met us. Ahlgren said it was late. He added that it leaked.",
            "Ahlgren",
        ),
    ],
)
def test_places_and_nations_are_no_rivals(paragraph: str, speaker: str) -> None:
    assert voices(paragraph)[-1] == speaker


def test_a_country_is_no_he() -> None:
    assert voices("Norway said it was late. He added that it rained.") == ["Norway", None]


@pytest.mark.parametrize(
    "sentence",
    [
        "Nils Ahlgren blamed Ida Brandt, who said that the mast was rotten.",
        "The mast broke — Nils Ahlgren says it was sawn.",
        "Nils Ahlgren wrote “The Long Rain” in 1999.",
        "Nils Ahlgren dismissed the captain.",
        "The harbour board denied visas to 300 sailors.",
        "Denmark denied Norway access to the sea.",
        "The team held that position for 12 years.",
        "The union gave 31 boats to the museum.",
        "Rumour says that the mast was sawn.",
        "Data from Skagen suggest that masts break.",
        "I've said that the mast was sawn.",
        "Honestly I think that the mast was sawn.",
        "Like I said, the mast was sawn.",
        "An estimated 3,000 ships were lost.",
        "Current estimates are that 12 ships were lost.",
        "Beginning in 1765 parliament asserted its rights over ships.",
        "Marine–Terran ships states the law.",
        "According to Danish law states may take the ship.",
        "Any replies will be read.",
        "But the reports told another story.",
        "The ship, called the Hen or “the Old One”, was sawn.",
        "In a letter written in Skagen: the mast was sawn.",
        "It broke, a man who gave only his first name, Ole, said.",
    ],
)
def test_these_are_no_reports_of_whom_they_name(sentence: str) -> None:
    assert voices(sentence) == [None]


@pytest.mark.parametrize(
    ("sentence", "speaker"),
    [
        ("Mr. Ahlgren said that the mast was sawn.", "Mr. Ahlgren"),
        ("Sen. Ida Brandt (Harbour Party) said that it was sawn.", "Sen. Ida Brandt"),
        ("Nils Ahlgren (1972) argues that it was sawn.", "Nils Ahlgren"),
        ("Nils Ahlgren Jr. said that it was sawn.", "Nils Ahlgren Jr."),
        ("Speaking in Skagen, Ahlgren said that it was sawn.", "Ahlgren"),
        ("On May 4 Ida Brandt said that it was sawn.", "Ida Brandt"),
        ("Yet the ministry said that it was sawn.", "the ministry"),
        ("Near Skagen, fishermen said that it was sawn.", "fishermen"),
        ("The Bank of Jutland said that growth would slow.", "Bank of Jutland"),
        ("According to the Fund for the Sea, it was sawn.", "Fund for the Sea"),
        ("Brussels says that it was sawn.", "Brussels"),
        ("Nevertheless, Ida Brandt and Nils Ahlgren argue that it was sawn.",
         "Ida Brandt and Nils Ahlgren"),
        ("It was sawn, in the view of Ida Brandt.", "Ida Brandt"),
        ("In Brandt’s opinion, it was sawn.", "Brandt"),
        ("Ida Brandt was quoted by the Post as saying that it was sawn.", "Ida Brandt"),
        ("It was sawn, the Post reported on Tuesday, citing sailors.", "Post"),
        ("According to a report by the Sea Office, it was sawn.", "a report by the Sea Office"),
        ("‘It was sawn,’ said Ida Brandt.", "Ida Brandt"),
        ("‘It wasn’t sawn,’ Ida Brandt said.", "Ida Brandt"),
        ("'It was sawn,' said Ida Brandt.", "Ida Brandt"),
        ("“It was sawn,” recalled Ida Brandt.", "Ida Brandt"),
        ("“Was it sawn?” Ida Brandt asked the captain.", "Ida Brandt"),
        ("“It was sawn,” said a spokeswoman for the port.", "a spokeswoman for the port"),
        ("Said Ida Brandt: “It was sawn.”", "Ida Brandt"),
        ("Ida Brandt dismissed the claim as a joke.", "Ida Brandt"),
        ("To critics who doubt it, Ida Brandt points out that it was sawn.", "Ida Brandt"),
        ("Ida Brandt wrote in her diary that it was sawn.", "Ida Brandt"),
        ("Critics call the plan of Ida Brandt “a bribe”.", "Critics"),
        ("Ida Brandt said — and she should know — that it was sawn.", "Ida Brandt"),
        ("The captain, the auditors said, had sawn it.", "the auditors"),
        ("The prime minister's office said that it was sawn.", "The prime minister's office"),
    ],
)  # fmt: skip
def test_more_reports_that_name_their_speaker(sentence: str, speaker: str) -> None:
    assert voices(sentence) == [speaker]


@pytest.mark.parametrize(
    "sentence",
    [
        "‘The sailors’ mast was sawn,’ said Ida Brandt, ‘and sold.’",
        "The mast,’ said Ida Brandt.",
    ],
)
def test_single_marks_without_a_partner_leave_a_doubt(sentence: str) -> None:
    assert voices(sentence) == [None]


def test_an_apostrophe_quotes_nothing() -> None:
    assert voices("The sailors' mast broke in the '90s, Ida Brandt said.") == ["Ida Brandt"]
    assert voices("The sailors’ mast broke, Ida Brandt said.") == ["Ida Brandt"]


@pytest.mark.parametrize(
    "sentence",
    [
        "Nils Ahlgren is said to have sawn it.",
        "It was allegedly sawn.",
        "It is believed to have been sawn.",
        "Ida Brandt was told by the captain that it was sawn.",
        "The court heard that it was sawn.",
        "In Brandt's view, it was sawn.",
        "For Ida Brandt, it was sawn.",
        "Ida Brandt suspects that it was sawn.",
        "Brandt's view is that it was sawn.",
        "Ida Brandt called Nils Ahlgren a liar.",
        "RT @brandt: it was sawn.",
        "Ida Brandt: It was sawn.",
    ],
)
def test_hearsay_is_no_authors_own(sentence: str) -> None:
    made = document(sentence, author="Per Lund")
    span = sentences(made.text, 0, len(made.text))[-1]
    assert own_author(made, span) is None
    assert not said_by(made, span, "Per Lund")


@pytest.mark.parametrize(
    "sentence", ["I found that it was sawn.", "My view is that it was sawn.", "It was sawn."]
)
def test_what_an_author_found_is_his_own(sentence: str) -> None:
    made = document(sentence, author="Per Lund")
    assert said_by(made, sentences(made.text, 0, len(made.text))[0], "Per Lund")


@pytest.mark.parametrize(
    "head",
    ["Begin forwarded message:", "Am Montag schrieb Ida Brandt:", "Lundi, Ida Brandt a écrit :"],
)
def test_a_mail_passed_on_is_no_authors_own(head: str) -> None:
    made = document(f"{head}\nIt was sawn.", author="Per Lund")
    assert own_author(made, sentences(made.text, 0, len(made.text))[-1]) is None


CHAT = "[10:32] Ida: It was sawn.\n[10:33] Nils: Who says?\n[10:34] Ida: I do.\n[10:35] Nils: Hm."


def test_a_chat_has_turns() -> None:
    made = document(*CHAT.split("\n"), author="Per Lund")
    found = [voice_of(made, s) for p in made.paragraphs
             for s in sentences(made.text, p.start, p.end)]  # fmt: skip
    assert [v.name if v else None for v in found] == ["Ida", "Nils", "Ida", "Nils"]


def test_a_sentence_over_two_turns_has_no_speaker() -> None:
    made = document("IDA: It was sawn\nNILS: and sold\nIDA: Yes\nNILS: No")
    assert voice_of(made, Span(0, 16)) is not None
    assert voice_of(made, Span(0, len(made.text) - 2)) is None


@pytest.mark.parametrize(
    ("speaker", "asked", "found"),
    [
        ("Critics of Ida Brandt", "Ida Brandt", False),
        ("Ida Brandt's aides", "Brandt", False),
        ("Officials in Skagen", "Skagen", False),
        ("Officials in Skagen", "officials", True),
        ("The Bank of Jutland", "Jutland", False),
        ("The Bank of Jutland", "bank of jutland", True),
        ("A spokesman for the port", "the port", True),
        ("Critics of Ida Brandt", "critics of Brandt", True),
        ("Zoë Orbán", "Orban", True),
        ("Zoe Orban", "orbán", True),
        ("Mr Brandt", "Mrs Brandt", False),
    ],
)
def test_who_is_asked_for_is_the_one_who_speaks(speaker: str, asked: str, found: bool) -> None:
    made = document(f"{speaker} said that it was sawn.")
    span = sentences(made.text, 0, len(made.text))[0]
    assert voice_of(made, span) is not None
    assert said_by(made, span, asked) is found


def test_mr_and_mrs_are_two() -> None:
    assert not same_speaker("Mr Brandt", "Mrs Brandt")
    assert same_speaker("Mr. Brandt", "Nils Brandt")
    assert voices("Mr Brandt said that it was sawn, and Ms Brandt said that it was not.") == [None]
