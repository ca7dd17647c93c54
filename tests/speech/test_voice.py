"""Who says a sentence: by rules, and nobody where the rules leave a doubt."""

from __future__ import annotations

import json

import pytest

from rag.compose.cite import Draft, cite
from rag.speech.reporting import inside_sentence
from rag.speech.voice import Voice, own_author, said_by, same_speaker, voice_of
from rag.types import Answer, Citation, Document, Hit, Paragraph, Passage, Span, Statement
from rag.words.sentences import sentences


def document(*paragraphs: str, author: str | None = None, language: str = "en") -> Document:
    text, found = "", []
    for number, paragraph in enumerate(paragraphs, start=1):
        found.append(Paragraph(number, len(text), len(text) + len(paragraph)))
        text += paragraph + "\n\n"
    return Document("a.txt", text, "0", "txt", tuple(found), author=author, language=language)


def voices(*paragraphs: str, author: str | None = None) -> list[str | None]:
    """The speaker of each sentence, in order; each name stands where its span says."""
    made, names = document(*paragraphs, author=author), []
    for paragraph in made.paragraphs:
        for span in sentences(made.text, paragraph.start, paragraph.end):
            voice = voice_of(made, span)
            assert voice is None or voice.span.of(made.text) == voice.name
            names.append(voice.name if voice else None)
    return names


@pytest.mark.parametrize(
    ("sentence", "speaker"),
    [
        ("Mira Holt argues that the dam was badly built.", "Mira Holt"),
        ("Mira Holt of the River Board argues that the dam was badly built.", "Mira Holt"),
        ("Mira Holt, who ran the works, denies that the dam was badly built.", "Mira Holt"),
        ("Mira Holt, head of the board of Lund, Oslo and Bergen, denies it.", "Mira Holt"),
        ("The board's chair, Mira Holt, said that the dam would hold.", "Mira Holt"),
        ("A teacher in Lund, Mira Holt, said that the dam would hold.", "Mira Holt"),
        ("Mira Holt, an engineer in Lund, said by letter that the dam would hold.", "Mira Holt"),
        ("The dam, says Mira Holt in Lund, would hold.", "Mira Holt"),
        ("The dam would hold, engineer Mira Holt told parliament on Monday.", "Mira Holt"),
        ("According to Mira Holt, the dam would hold.", "Mira Holt"),
        ("The dam would hold, according to officials in Lund.", "officials in Lund"),
        ("In the words of Mira Holt, the dam would hold.", "Mira Holt"),
        ("On Tuesday Norway said that the dam would hold.", "Norway"),
        ("Norway says that the dam would hold.", "Norway"),
        ("Critics of dams, such as Mira Holt, argue that it leaks.", "Critics of dams"),
        ("According to Mira Holt and Jonas Berg, it leaks.", "Mira Holt and Jonas Berg"),
        ("Norway and Sweden both deny that the dam would hold.", "Norway and Sweden"),
        ("Officials in Lund say that the dam would hold.", "Officials in Lund"),
        ("The Norwegian government counted 31 dead.", "The Norwegian government"),
        ("The water ministry in Oslo reports 31 dead.", "The water ministry in Oslo"),
        ("Another school sees neglect: Mira Holt argues that nobody looked.", "Mira Holt"),
        ("Mira Holt has argued here that nobody looked.", "Mira Holt"),
        ("Mira Holt calls the dam “a wall with hopes”.", "Mira Holt"),
        ("“Nobody looked,” said Mira Holt.", "Mira Holt"),
        ('"Nobody looked," Mira Holt said, "and nobody asked."', "Mira Holt"),
        ("Mira Holt: “Nobody looked.”", None),
        ("Police in Goris, Armenia, said three people died.", "Police in Goris"),
        ("Police in Goris, Syunik, Armenia, said three people died.", "Police in Goris"),
        ("Police in Goris, Armenia said three people died.", "Police in Goris"),
        ("The mayor of Lund, Sweden, said that it leaks.", "The mayor of Lund"),
        ("The mayor of Lund, Sweden, an old town, said that it leaks.", "The mayor of Lund"),
        ("A court in Baku, Azerbaijan, said that it leaks.", "A court in Baku"),
        ("A court in Linz, Upper Austria, said that it leaks.", "A court in Linz"),
        ("It leaks, police in Goris, Armenia, said.", "police in Goris"),
        ("Mira Holt of Lund, Sweden, said that it leaks.", "Mira Holt"),
        ("In Lund, Norway said that it leaks.", "Norway"),
        ("At talks in Lund, Norway said that it leaks.", "Norway"),
        ("Ali Mehr, 31, told the police that it leaks.", "Ali Mehr"),
        ("Mira Holt, an engineer, warned of a flood.", "Mira Holt"),
        ("Will Holt said that it leaks.", "Will Holt"),
        ("Can Öztürk and Will Holt say that it leaks.", "Can Öztürk and Will Holt"),
        ("It was Mira Holt who said that it leaks.", "Mira Holt"),
        ("According to the insurers it was frost.", "the insurers"),
        ("Separatists in Lund say that it leaks.", "Separatists in Lund"),
    ],
)
def test_a_report_of_speech_names_its_speaker(sentence: str, speaker: str | None) -> None:
    assert voices(sentence) == [speaker]


@pytest.mark.parametrize(
    "sentence",
    [
        "The dam would hold.",
        "I think that the dam would hold.",
        "Mira Holt directs the River Board.",
        "Mira Holt never said that the dam would hold.",
        "Mira Holt could say that the dam would hold.",
        "If Mira Holt says that the dam would hold, it holds.",
        "Did Mira Holt say that the dam would hold?",
        "Will Norway say that the dam would hold?",
        "Can Mira Holt deny that it leaks?",
        "It was not Mira Holt who said that it leaks.",
        "It was Mira Holt who was told that it leaks.",
        "Nobody says that the dam would hold.",
        "Neither Mira Holt nor Norway says that the dam would hold.",
        "The engineers know that Mira Holt believes in the dam.",
        "The river falls where, they say, the old mill stood.",
        "While Mira Holt argues that it holds, Jonas Berg says that it leaks.",
        "Norway says that it holds, Sweden says that it leaks.",
        "The river rose by two metres in May, and Mira Holt said that it would rise again.",
        "The fund holds 25 percent of the river.",
        "Norway called for an end to the works.",
        "Norwegian claims that were made in May are forgotten.",
        "The official list still stands at 31.",
        "My answer is that the board believes too much.",
        "She said that the dam would hold.",
        "According to the plan, the dam will hold.",
        "The mayor of Lund is said to be ill.",
        "It is a dam that, as a rule, would hold.",
        'He asked for "more water and Mira Holt says so.',
        "Some writers (Mira Holt, Jonas Berg and Ann Lee), argue that it leaks.",
        "According to the general principle of dams, it leaks.",
        "Board reports cover what “leaks” in the valley.",
        "Norway claimed the island that lies in the river.",
        "The police told Jonas Berg to leave.",
        "The water rises in May; Mira Holt says that it leaks.",
        "Mira Holt wrote the song that everybody knows.",
        "Stones from the valley suggest that it leaks.",
        "Talks on what Norway calls a fund begin today.",
        "The bank, based in Oslo, Norway, said that it leaks.",
        "The bank in Oslo, Norway said that it leaks.",
        "Mira Holt, accused of taking bribes, resigned on Monday.",
        "The minister, accused of taking bribes, resigned.",
        "The company, warned in May, closed.",
        "In May, the company, warned twice, closed.",
        "Mira Holt, said to be ill, did not come.",
        "Mira Holt, told of the flood, wept.",
        "Ali Mehr, 31, accused of theft, denied nothing and left.",
        "Ali Mehr, 31, told of the flood, wept.",
        "Ali Mehr, 31, believed dead, came back.",
        "Ali Mehr, 31, said to be ill, left.",
        "Officials accused of theft left.",
    ],
)
def test_the_document_speaks_for_itself_or_the_rules_are_in_doubt(sentence: str) -> None:
    assert voices(sentence) == [None]


@pytest.mark.parametrize(
    ("paragraph", "speakers"),
    [
        (
            "Mira Holt warns that it leaks. She adds that the river is high.",
            ["Mira Holt", "Mira Holt"],
        ),
        ("Mira Holt, who ran the works, sees neglect. Water, she argues, finds its way.",
         [None, "Mira Holt"]),
        (
            "Mira Holt spoke to me. She remembers the flood. She says that it took the mill.",
            [None, None, "Mira Holt"],
        ),
        ("I walked there with Jonas Berg, who keeps a shop. According to him, it leaks.",
         [None, "Jonas Berg"]),
        ("Mira Holt met Jonas Berg. She said that it leaks.", [None, None]),
        ("Mira Holt lost her house. He said that it leaks.", [None, None]),
        ("Mira Holt's report came out. She said that it leaks.", [None, None]),
        ("The brother of Jonas Berg came. He said that it leaks.", [None, None]),
        ("The Highland Ledger wrote of it. He said that it leaks.", [None, None]),
        ("Jonas Berg came. The river rose. He said that it leaks.", [None, None, None]),
        ("Mira Holt attacked the mayor. He said that it was late.", [None, None]),
        ("Mira Holt met a friend. She said that it was late.", [None, None]),
        ("Mira Holt met Jonas Holt. She said that it leaks.", [None, None]),
        ("Mira Holt came. The mayor waited. She said that it leaks.", [None, None, None]),
        ("Mira Holt came. When the mayor left, she said that it leaks.", [None, None]),
        ("Jonas Berg asked if the mayor came. He said that it leaks.", [None, None]),
        ("Mira Holt came with her father. She said that it leaks.", [None, "Mira Holt"]),
        ("Mira Holt of Lund, once a teacher, came. She said that it leaks.", [None, "Mira Holt"]),
        ("The mayor of Lund, Mira Holt, came. She said that it leaks.", [None, "Mira Holt"]),
        ("Its general manager, Mira Holt, came. She said that it leaks.", [None, "Mira Holt"]),
        ("Mira Holt is an engineer. She said that it leaks.", [None, "Mira Holt"]),
        ("Mira Holt, whose father built it, left. She said that it leaks.", [None, "Mira Holt"]),
        ("Norwegian officials deny that. They note that it held before.",
         ["Norwegian officials", "Norwegian officials"]),
        ("The dams are old. They say a lot about the board.", [None, None]),
        ("Mira Holt argues that it leaks. For her the flood proved that it leaks.",
         ["Mira Holt", "Mira Holt"]),
    ],
)  # fmt: skip
def test_a_pronoun_goes_back_to_the_only_name(paragraph: str, speakers: list[str | None]) -> None:
    assert voices(paragraph) == speakers


def test_a_pronoun_never_looks_into_another_paragraph() -> None:
    assert voices("Mira Holt runs the works.", "She says that it leaks.") == [None, None]


def test_a_quotation_belongs_to_the_tag_beside_it() -> None:
    assert (
        voices(
            'Mira Holt, who ran the works, told me that it leaks. "Water is patient," she said.'
            ' "It has all the time there is."'
        )
        == ["Mira Holt"] * 3
    )
    assert voices('"Water is patient. It waits," said Mira Holt.') == ["Mira Holt"]
    assert voices("A sign hung there. “Water is patient.”") == [None, None]


def test_the_tag_of_another_quotation_is_none_of_this_one() -> None:
    last = "“It does not,” said Jonas Berg."
    assert voices(f"“It leaks,” said Mira Holt. “And it floods every spring.” {last}") == [
        "Mira Holt", "Mira Holt", "Jonas Berg",
    ]  # fmt: skip
    assert voices(f"The hall was full. “It leaks.” {last}") == [None, None, "Jonas Berg"]


INTERVIEW = (
    "Mira Holt has retired. Jonas Berg met her.",
    "BERG: Does it leak?",
    "HOLT: It does. Norway says that it holds.",
    "Nobody looked.",
    "BERG: Will it hold?",
    "HOLT: Not for long.",
    "The talk was shortened.",
)


def test_the_turns_of_an_interview() -> None:
    found = [None, None, "BERG", "HOLT", "HOLT", "HOLT", "BERG", "HOLT", None]
    assert voices(*INTERVIEW) == found


def test_question_and_answer_name_whom_the_beginning_names() -> None:
    turns = ("Q: Does it leak?", "A: It does.", "Q: Will it hold?", "A: No.")
    assert voices("An interview with Mira Holt.", *turns)[1:] == [None, "Mira Holt"] * 2
    assert voices("A talk.", *turns)[1:] == [None, None] * 2


@pytest.mark.parametrize(
    "lines",
    [
        ("Where: Lund.", "When: May.", "Cost: none.", "Mood: low."),
        ("From: Mira Holt", "To: Jonas Berg", "Subject: The dam", "It leaks.") * 2,
        ("Pros: it is cheap.", "Cons: it leaks.") * 2,
        ("Decision: rebuild it.", "Action: Mira asks.", "Next Steps: none.") * 2,
    ],
)
def test_labels_that_are_no_turns(lines: tuple[str, ...]) -> None:
    assert set(voices(*lines)) == {None}


@pytest.mark.parametrize("label", ["LEE", "Decision"])
def test_a_label_that_is_no_turn_ends_the_turn_before_it(label: str) -> None:
    turns = (*INTERVIEW[1:6], f"{label}: It will not hold.", "It leaks.", "BERG: So be it.")
    assert voices(*turns)[-4:] == ["HOLT", None, None, "BERG"]


def test_the_author_is_not_a_speaker() -> None:
    assert voices("Mira Holt argues that it leaks.", author="Mira Holt <mira@x.org>") == [None]


def test_a_span_of_two_voices_has_none() -> None:
    made = document("Mira Holt argues that it leaks. Jonas Berg denies it.")
    assert voice_of(made, Span(0, len(made.text))) is None
    assert voice_of(made, Span(0, 20)) == Voice("Mira Holt", Span(0, 9))


def test_another_language_has_no_rules() -> None:
    assert voice_of(document("Mira Holt said it.", language="de"), Span(0, 18)) is None


def test_one_speaker_under_two_names() -> None:
    assert same_speaker("Mira Holt", "Ms Holt") and same_speaker("MIRA HOLT", "Holt")
    assert not same_speaker("Mira Holt", "Mira Berg") and not same_speaker("", "Holt")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Mira Holt", "Jonas Holt", False),
        ("Corin Albury", "Mr Albury", True),
        ("Corin Albury", "Dr. Albury", True),
        ("President Berg", "Jonas Berg", True),
        ("engineer Mira Holt", "Mira Holt", True),
        ("The Armenian government", "the Azerbaijani government", False),
        ("The Armenian government", "the government", True),
        ("The foreign ministry", "the defence ministry", False),
        ("The prime minister", "the foreign minister", False),
        ("The minister", "a deputy minister", False),
        ("Officials in Lund", "the police in Lund", False),
        ("Officials in Lund", "Lund", False),
        ("Norway and Sweden", "Sweden", False),
    ],
)
def test_whether_names_that_end_alike_are_of_one(one: str, other: str, same: bool) -> None:
    assert same_speaker(one, other) is same_speaker(other, one) is same


@pytest.mark.parametrize(
    ("name", "found"),
    [("holt", True), ("Ms Holt", True), ("Jonas Holt", False), ("the", False), ("Mira", True)],
)
def test_a_speaker_is_asked_for_by_a_part_of_the_name(name: str, found: bool) -> None:
    made = document("Mira Holt argues that it leaks.")
    assert said_by(made, Span(0, len(made.text) - 2), name) is found


def test_a_body_asked_for_is_not_any_of_its_kind() -> None:
    made = document("The government argues that it leaks.")
    assert said_by(made, Span(0, len(made.text) - 2), "the government")
    assert not said_by(made, Span(0, len(made.text) - 2), "Norwegian government")


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("The dam leaks.", True),
        ("I think that the dam leaks.", True),
        ("We have long said that the dam leaks.", True),
        ("Mira Holt argues that it leaks.", False),
        ("She argues that it leaks.", False),
        ("If Mira Holt says that it leaks, it leaks.", False),
        ("The river falls where, they say, the mill stood.", False),
        ("According to the plan, it holds.", False),
        ("“It leaks.”", False),
        ("‘It leaks.’", False),
        ("The board calls it “safe”.", False),
        ("> The dam leaks.", False),
        ("On Monday Mira Holt wrote:\nThe dam leaks.", False),
        ("From: Mira Holt\nIt leaks.\nFrom: Jonas Berg\nIt holds.", False),
    ],
)
def test_an_author_has_only_what_is_surely_his_own(text: str, own: bool) -> None:
    made = document(text, author="Ida Krog <ida@x.org>")
    last = sentences(made.text, 0, len(made.text))[-1]
    assert own_author(made, last) == ("Ida Krog" if own else None)
    assert said_by(made, last, "Ida Krog") is own


def test_nothing_is_an_authors_own_where_the_rules_cannot_tell() -> None:
    span = Span(0, len("The dam leaks."))
    assert own_author(document("The dam leaks."), span) is None
    assert own_author(document("The dam leaks.", author="X Y", language="de"), span) is None
    turn = document(*INTERVIEW, author="Jonas Berg")
    assert own_author(turn, Span(turn.text.index("It does"), turn.text.index("Norway"))) is None


def test_a_sentence_without_end_is_left_alone() -> None:
    long = "Mira Holt, of Lund, says " + "that, and of, Lund, says, " * 2000
    assert voice_of(document(long), Span(0, len(long))) is None


def cited(*spans: Span, of: Document) -> tuple[tuple[Statement, ...], tuple[Citation, ...]]:
    hit = Hit(Passage("p", 1, of.source, 0, len(of.text), of.text, 1, 1), 1.0)
    statements, citations, _ = cite([Draft("A sentence.", hit, spans, 0.9)], {of.source: of})
    return statements, citations


def test_a_statement_carries_the_speaker_of_its_citations() -> None:
    made = document("Mira Holt argues that it leaks. She adds that it floods. It was built in May.")
    first, second, third = sentences(made.text, 0, len(made.text))
    statements, citations = cited(first, second, of=made)
    assert (statements[0].speaker, statements[0].speaker_span) == ("Mira Holt", Span(0, 9))
    assert [c.speaker for c in citations] == ["Mira Holt", "Mira Holt"]
    statements, citations = cited(first, third, of=made)
    assert statements[0].speaker is None and statements[0].speaker_span is None
    assert [c.speaker for c in citations] == ["Mira Holt", None]


def test_json_and_text_say_who_says_it() -> None:
    statements, citations = cited(Span(0, 31), of=document("Mira Holt argues that it leaks."))
    answer = Answer("?", True, "x", None, 0.5, None, statements, citations, (), {}, {})
    told = json.loads(json.dumps(answer.to_dict()))
    assert told == answer.to_dict()
    assert told["statements"][0]["speaker"] == told["citations"][0]["speaker"] == "Mira Holt"
    assert told["statements"][0]["speaker_span"] == told["citations"][0]["speaker_span"] == [0, 9]
    assert "paragraph 1, line 1 · according to Mira Holt\n    “Mira" in str(answer)
    assert "according to Mira Holt: “Mira" in answer._repr_markdown_()


def test_a_common_noun_is_not_capitalised_inside_a_sentence() -> None:
    names = ["The Norwegian side", "Officials in Lund", "President Berg", "Norway", ""]
    assert [inside_sentence(n) for n in names] == [
        "the Norwegian side", "officials in Lund", "President Berg", "Norway", "",
    ]  # fmt: skip
