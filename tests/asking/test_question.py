"""What a question asks for, and when it leans on the turns before it."""

from __future__ import annotations

import pytest

from rag.asking.question import leans_on_history, understand
from rag.types import Turn

ASKED = (
    Turn("user", "What had Russia done by day 5 in 2020?"),
    Turn("assistant", "Russia called for restraint and offered mediation. [1]"),
)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Who signed the statement?", "who"),
        ("In which year did the war end?", "when"),
        ("When was that?", "when"),
        ("How many peacekeepers were sent?", "how many"),
        ("Why did Moscow wait?", "why"),
        ("Where were the talks held?", "where"),
        ("Did Ankara take part?", "yes/no"),
        ("Describe the blockade.", "other"),
        ("Who led the guild when the mill burned?", "who"),
        ("Why did the mayor leave when the mill burned?", "why"),
        ("Where was the mayor when the mill burned?", "where"),
        ("How many died when the mill burned?", "how many"),
        ("What was done when the mill burned?", "other"),
        ("Did the mayor leave when the mill burned?", "yes/no"),
        ("When the mill burned, who was mayor?", "who"),
        ("Is it known when the mill burned?", "when"),
        ("Since when has the mill stood?", "when"),
        ("day when the mill burned", "when"),
        ("How tall is the mill?", "how many"),
        ("How often does the ferry sail?", "how many"),
        ("What percentage of the grain was lost?", "how many"),
        ("What was the cost of the mill?", "how many"),
        ("population of Lund", "how many"),
        ("How long ago did the mill burn?", "when"),
        ("At what time did the mill burn?", "when"),
        ("What was the reason for the fire?", "why"),
        ("What led to the fire?", "why"),
        ("How come the mill burned?", "why"),
        ("Which port was closed?", "where"),
        ("What took place in the harbour in May?", "other"),
        ("Which company built the mill?", "who"),
        ("To whom was the mill sold?", "who"),
        ("What do people say of the mill?", "other"),
        ("Could you tell me who owns the mill?", "who"),
        ("Do you know if the mill burned?", "yes/no"),
        ("Can you describe the mill?", "other"),
        ("Didn’t the mill burn?", "yes/no"),
        ("“Did the mill burn?”", "yes/no"),
        ("And did the mill burn?", "yes/no"),
        ("The mill burned, didn't it?", "yes/no"),
        ("The mill burned when it thundered. Who rebuilt it?", "who"),
        ("Was ist eine Mühle?", "other"),
        ("For how long was the miller in prison?", "how many"),
        ("What was the miller paid?", "how many"),
        ("What did the guild pay for the mill?", "how many"),
        ("What sentence did the miller receive?", "how many"),
        ("What gauge has the mill's railway?", "how many"),
        ("What was the duration of the strike?", "how many"),
        ("What per cent of the guild agreed?", "how many"),
        ("How low did the river fall?", "how many"),
        ("miller's salary", "how many"),
        ("State the cost of the mill.", "how many"),
        ("How far-reaching was the reform?", "other"),
        ("How big a role did the guild play?", "other"),
        ("How strong is the evidence against the miller?", "other"),
        ("How much does the guild trust the miller?", "other"),
        ("What did the population think of the miller?", "other"),
        ("What is the effect of the price on the guild?", "other"),
        ("What does the guild say about the cost?", "other"),
        ("What is the area known for?", "other"),
        ("Which figure led the guild?", "other"),
        ("How many years ago did the mill burn?", "when"),
        ("How soon was it rebuilt?", "when"),
        ("At what hour did it burn?", "when"),
        ("Tell me the year in which the mill burned.", "when"),
        ("According to the man who owns it, when did it burn?", "when"),
        ("What day-to-day work is there?", "other"),
        ("How is it that the mill burned?", "why"),
        ("What lies behind the strike?", "why"),
        ("How did the guild justify the strike?", "why"),
        ("Give the reason for the strike.", "why"),
        ("What made up the cargo?", "other"),
        ("By what name was the mill known?", "who"),
        ("What was the mill called?", "who"),
        ("What was the miller's name?", "who"),
        ("Name the man who owned the mill.", "who"),
        ("Which side won the strike?", "who"),
        ("Name the town in which the miller died.", "where"),
        ("What was the miller's place of birth?", "where"),
        ("Was Holt the man who owned the mill?", "yes/no"),
        ("Did it burn in the town where Holt lived?", "yes/no"),
        ("Is there a reason why the mill should close?", "yes/no"),
        ("Did the guild say why it closed?", "why"),
        ("Did the mill close, and who bought it?", "who"),
        ("In 1990, did the mill burn?", "yes/no"),
        ("Has anyone counted how many died?", "how many"),
        ("May strangers enter the mill?", "yes/no"),
        ("What kind of mill was it?", "other"),
        ("What rank did the miller hold?", "other"),
    ],
)
def test_kind(text: str, kind: str) -> None:
    assert understand(text).kind == kind


def test_names_leave_out_the_first_word_and_keep_acronyms() -> None:
    question = understand("Which mediator did the OSCE send to Baku in 1994?")
    assert question.names == ("OSCE", "Baku")
    assert question.numbers == ("1994",)
    assert "which" not in question.terms
    assert understand("What's left and who doesn't leave?").terms == ("left", "leave")


def test_a_possessive_is_the_name_itself() -> None:
    assert understand("What was Armenia's reply?").names == ("Armenia",)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("What did Mr. Holt say to Dr Krog?", ("Holt", "Krog")),
        ("Did Gen. Berg reach St. Gallen?", ("Berg", "Gallen")),
        ("Who met J. Berg and Ida B. Krog?", ("Berg", "Ida", "Krog")),
        ("Mrs. Holt wrote to whom?", ("Holt",)),
        ("Who chose plan B over Malcolm X?", ("B", "Malcolm", "X")),
        ("What was said to Sen by Mr D in Lund?", ("Sen", "D", "Lund")),
        ("It leaked. Who told Holt?", ("Holt",)),
        ("Was dort entschied Ägir über äußere Öfen?", ("Ägir", "Öfen")),
        ("Кто видел Ивана у моста?", ("Ивана",)),
        ("ვინ დაწერა წერილი?", ()),
        ("¿Quién vio a Berg?", ("Berg",)),
        ("What came of Holt v. Berg and of Krog vs. Lund?", ("Holt", "Berg", "Krog", "Lund")),
        ("What did Theresa May say in May 2017 and on Monday?", ("Theresa", "May")),
        ("Did April Holt leave on 3 April or Sept. 5?", ("April", "Holt")),
        (" Population of Lund?", ("Lund",)),
    ],
)
def test_names_have_a_capital_and_are_no_title_or_initial(
    text: str, names: tuple[str, ...]
) -> None:
    assert understand(text).names == names


@pytest.mark.parametrize(
    "text",
    [
        "And in 2016?",
        "Who said that?",
        "Why?",
        "What about Georgia?",
        "What did he offer?",
        "no, I meant 2016",
        "Actually, in 2016",
        "not 2020, 2016",
        "I mean the Danes",
        "Same for Georgia?",
        "Except Georgia?",
        "Who besides Norway?",
        "In May 2016?",
        "the following year?",
        "What happened next?",
        "Who was mayor of Lund at the time?",
        "Where was Holt at that time?",
        "What did Holt do next?",
        "Did Norway agree?",
        "What did Berg say?",
        "What other bridges were closed?",
        "Were there any others?",
        "Did anyone object?",
        "Give me the quote",
        "Ok, and in 2016?",
        "Yes, what about Georgia?",
        "Thanks! Who else?",
        "What's the source?",
        "According to Norway?",
        "Has the number changed since?",
        "Norway, not Denmark",
        "versus Norway?",
        "Did Norway confirm?",
        "Their envoy?",
    ],
)
def test_follow_ups_lean_on_history(text: str) -> None:
    assert leans_on_history(text, ASKED)
    assert understand(text, ASKED).full.endswith(text)
    assert understand(text, ASKED).full != text


@pytest.mark.parametrize(
    "text",
    [
        "Who brokered the Bishkek ceasefire in 1994?",
        "What did Georgia do about Abkhazia?",
        "Was there a strike at the mill?",
        "Who is Holt?",
        "Which clerk said that the ballot was forged?",
        "What became of those who fled the mill?",
        "How many guards lost their lives at the mill?",
        "What happened at the mill this year?",
        "Did Holt say that he saw Lund?",
        "Which clerk said she had been to Lund?",
        "Tell me about Holt.",
        "Who's Holt?",
        "Actually, who wrote the report on the mill?",
        "Besides Holt, who signed the lease of the mill?",
        "Is it true that Holt sold the mill?",
        "How long does it take to reach Lund?",
        "What did Holt do when the mill burned?",
        "What did Holt say at the time of the fire?",
        "Did this week's vote in Lund fail?",
        "Thanks. Who built the mill of Lund?",
        "No news of Holt from the mill of Lund?",
        "According to Holt, who sold the mill?",
        "Who in Lund, not in Ribe, sold the mill?",
    ],
)
def test_whole_questions_stand_alone(text: str) -> None:
    assert not leans_on_history(text, ASKED)
    assert understand(text, ASKED).full == text


@pytest.mark.parametrize(
    "text",
    [
        "When did she visit Lund?",
        "What was his task in Lund?",
        "How many of them came from Lund?",
        "What did the Danes do about it?",
        "Why Holt?",
        "Did the guild accept that?",
        "When did that happen to the mill?",
        "Which clerk left the mill that year?",
        "Who rejected their offer of help?",
        "Did this anger Berg?",
        "Who sold it to Berg?",
        "When did Mr. Holt sign it?",
        "Why did Holt do so?",
        "What was its effect on Lund?",
        "How many of these came from Lund?",
    ],
)
def test_what_a_question_leaves_open_leans(text: str) -> None:
    assert leans_on_history(text, ASKED)


CHAIN = (
    Turn("user", "How many guards did Norway send in 2020?"),
    Turn("assistant", "Norway sent 31. [1]"),
    Turn("user", "And in 2016?"),
    Turn("assistant", "In 2016 there were 12. [1]"),
)


def test_a_chain_of_follow_ups_keeps_its_subject() -> None:
    asked = understand("And in 1994?", CHAIN)
    assert asked.full == "How many guards did Norway send in 2020? And in 2016? And in 1994?"
    assert (asked.kind, asked.form) == ("how many", CHAIN[0].content)
    longer = (*CHAIN, *CHAIN[2:], *CHAIN[2:], *CHAIN[2:])
    assert understand("And in 1994?", longer).full == asked.full.replace(
        " And in 2016?", " And in 2016?" * 2
    )


def test_a_question_of_its_own_ends_the_chain_and_has_its_own_form() -> None:
    alone = (*CHAIN, Turn("user", "Who led the guards of Norway?"))
    assert understand("And in 1994?", alone).full == "Who led the guards of Norway? And in 1994?"
    assert understand("And in 1994?", alone).kind == "who"
    for text in ("Why?", "And what did he offer the board?"):
        assert understand(text, CHAIN).form == text


def test_a_follow_up_that_names_its_own_kind_does_not_ask_the_last_question_again() -> None:
    asked = understand("The reason?", CHAIN)
    assert (asked.kind, asked.form) == ("why", "The reason?")
    assert understand("And their commander?", CHAIN).kind == "who"


@pytest.mark.parametrize("text", ["The second one?", "Which of them?", "What happened next?"])
def test_what_points_at_the_answer_brings_it_along(text: str) -> None:
    assert "offered mediation" in understand(text, ASKED).full


def test_a_long_answer_is_cut_between_words() -> None:
    long = (ASKED[0], Turn("assistant", "Gullholmen " * 40))
    assert set(understand("Who said that?", long).names) <= {"Russia", "Gullholmen"}


def test_what_comes_behind_an_unended_question_begins_a_sentence() -> None:
    before = (Turn("user", "who sold the mill to Holt"), Turn("assistant", "Berg [1]"))
    assert understand("Since when?", before).full == "who sold the mill to Holt? Since when?"
    assert understand("Describe that", before).names == ("Holt",)


def test_numbers_are_no_part_of_a_name_and_no_place_in_a_list() -> None:
    assert understand("2. Did MH17 and the G7 meet on 31 May?").numbers == ("31",)


def test_without_history_nothing_leans() -> None:
    assert understand("Who said that?").full == "Who said that?"


def test_who_said_that_brings_the_answer_along() -> None:
    full = understand("Who said that?", ASKED).full
    assert "offered mediation" in full
    assert "[1]" not in full


def test_a_follow_up_brings_the_last_answer_and_question_to_retrieval() -> None:
    answer, question = understand("And in 2016?", ASKED).earlier
    assert answer.text == "Russia called for restraint and offered mediation."
    assert question.text == ASKED[0].content
    assert 1 > answer.weight > question.weight > 0


def test_a_question_that_reads_as_if_it_stood_alone_leans_less() -> None:
    leaning = understand("Who said that?", ASKED).earlier
    alone = understand("Who brokered the Bishkek ceasefire in 1994?", ASKED).earlier
    assert [e.text for e in alone] == [e.text for e in leaning]
    assert all(a.weight < b.weight for a, b in zip(alone, leaning, strict=True))


def test_a_refusal_says_nothing_about_what_is_meant() -> None:
    refused = (ASKED[0], Turn("assistant", "The documents do not say. No passage supports it."))
    found = understand("Who said that?", refused)
    assert [e.text for e in found.earlier] == [ASKED[0].content]
    assert found.full == f"{ASKED[0].content} Who said that?"


@pytest.mark.parametrize("history", [(), (Turn("user", " "), Turn("assistant", "[1]"))])
def test_an_empty_history_adds_nothing(history: tuple[Turn, ...]) -> None:
    assert understand("Who said that?", history).earlier == ()


def test_only_the_last_turns_count() -> None:
    later = (*ASKED, Turn("user", "And Iran?"), Turn("assistant", "Iran waited. [2]"))
    assert [e.text for e in understand("Why?", later).earlier] == ["Iran waited.", "And Iran?"]
