"""What a written sentence may say over what it cites: leave out, and never rearrange."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.facts import missing_facts
from rag.compose.claims import exact_quotes, fault
from rag.compose.parts import Cited
from rag.compose.tokens import tokens_of
from rag.compose.view import view_of
from tests.compose.generative_fakes import ScriptedWriter, composed

TRUCE = "However, Russia, which was near, brokered a truce (the ninth), but Armenia would not sign."
TURKEY = (
    "However, on November 10, 2020 Turkey, which had an army of 1,960 men, sent two observers to"
    " the centre in Agdam, including a guard of 20."
)


def judged(text: str, *evidence: str, language: str = "en") -> str | None:
    return fault(text, [Cited(e, language) for e in evidence])


@pytest.mark.parametrize(
    ("text", "evidence"),
    [
        (TRUCE, TRUCE),
        ("Russia brokered a truce, but Armenia would not sign.", TRUCE),
        ("Russia brokered the truce (the ninth), but Armenia would not sign", TRUCE),
        ("On 10 November 2020 Turkey sent 2 observers to the centre in Agdam.", TURKEY),
        ("On November 10, 2020 Turkey, which had an army of 1960 men, sent two observers to"
         " centre in Agdam, including a guard of 20.", TURKEY),
        ("On 2020-11-10 Turkey “sent two observers to the centre in Agdam”.", TURKEY),
        ("Russia won.", "Nevertheless, Russia won."),
        ("The first president stepped down a week ago.",
         "The first president, who lost Kelbajar, stepped down a week ago, while others stayed."),
        ("It is a long river that flows within India.",
         "It is a long river (like the Godavari, and the Krishna) that flows within India."),
        ("The ﬁrst oﬀer came on 2020-11-10.", "The first offer came on November 10, 2020."),
        ("The peacekeepers left.", "The peace-\nkeepers left."),
        ("The bomb went off.", "The bomb went off, wounding three men near the gate."),
        ("The river floods each year.", "The river (the longest one) floods each year."),
        ("On 7 February 1962 it was extended.", "On February 7 , 1962 it was extended ."),
        ("It fell on 9 Nov. 2020.", "It fell on 9 November, 2020."),
        ("It rose by 5 %.", "It rose by 5 percent."),
        ("The harbour closed.", "The harbour (Turku) closed."),
        ("The land is free.", "The land (Republic of Karelia) is free."),
        ("The pact holds.", "The pact (NATO) holds."),
        ("The men left.", "The men (who came late) left."),
        ("The men left.", "The men left, while others stayed (old friends)."),
        ("It was a “truce”.", "It was a “truce”."),
        ("“It was a truce”.", "It was a truce."),
        ("The mill, which burned, was old.", "The mill (the last one), which burned, was old."),
    ],
)  # fmt: skip
def test_a_part_of_a_sentence_stands(text: str, evidence: str) -> None:
    assert judged(text, evidence) is None


@pytest.mark.parametrize(
    ("text", "evidence", "reason"),
    [
        ("Turkey sent 3 observers to the centre in Agdam.", TURKEY, "unsupported_number"),
        ("Turkey sent two observers to the centre in Shusha.", TURKEY, "unsupported_name"),
        ("Turkey did not send two observers.", TURKEY, "unsupported_negation"),
        ("On 11 November 2020 Turkey, which had an army of 1,960 men, sent two observers to"
         " centre in Agdam, including a guard of 20.", TURKEY, "unsupported_date"),
        ("Russia brokered a truce.", TRUCE, "unsupported_negation"),
        ("Turkey “sent 2 observers to the centre in Agdam”.", TURKEY, "quote_not_found"),
        ("Turkey “sent two observers to the centre in Agdam.", TURKEY, "quote_not_found"),
        ("Turkey sent observers.", TURKEY, "unsupported"),
        ("The president was arrested.", "The son of the president was arrested.", "unsupported"),
        ("Baku beat Yerevan.", "Yerevan beat Baku.", "unsupported"),
        ("Yerevan was beaten by Baku.", "Baku was beaten by Yerevan.", "unsupported"),
        ("90 guns and 1,960 men came.", "1,960 men and 90 guns came.", "unsupported"),
        ("Russia sent troops.", "The minister denied that Russia sent troops.", "unsupported"),
        ("Russia sent troops.", "Russia sent troops, according to Baku.", "unsupported"),
        ("Russia sent troops.", "Russia sent troops, a rumour had it.", "unsupported"),
        ("Russia will act.", "If Armenia attacks, Russia will act.", "unsupported"),
        ("Azerbaijan signed.", "Armenia, unlike Azerbaijan, signed.", "unsupported"),
        ("Armenia attacked, and signed.", "Armenia attacked, Baku fled, and signed.",
         "unsupported"),
        ("Russia won.", "Russia won, Baku quipped.", "unsupported"),
        ("Russia won.", "Russia won, the minister lied.", "unsupported"),
        ("Russia won.", "In Baku's eyes, Russia won.", "unsupported"),
        ("Russia won.", "In the film, Russia won.", "unsupported"),
        ("Russia wins.", "When attacked, Russia wins.", "unsupported"),
        ("Armenia won 10.", "Armenia won 10 - 5.", "unsupported"),
        ("The liberation of Shusha began.", "The “liberation” of Shusha began.",
         "quote_not_found"),
        ("The liberation of Shusha began.", "The 'liberation' of Shusha began.",
         "quote_not_found"),
        ("Beylagan and Ganja.", "On the near side shells fell on Terter, Beylagan and Ganja.",
         "unsupported"),
        ("Russia held it and.", "Russia held it and, in May 1994, seven districts.",
         "unsupported"),
        ("Ararat Mirzoyan.", "In Yerevan a crowd beat the speaker, Ararat Mirzoyan.",
         "unsupported"),
        ("Borrowed from Georgia, they left.",
         "After the talks forty men, borrowed from Georgia, they left.", "unsupported"),
        ("Few soldiers left.", "A few soldiers left.", "unsupported"),
        ("It rose by 1.9.", "It rose by 1.9 million.", "unsupported"),
        ("1962 it was extended.", "On February 7, 1962 it was extended.", "unsupported_number"),
        ("20 were killed.", "On February 7, 20 were killed.", "unsupported"),
        ("Nobody died.", "Nobody died, after the ceasefire.", "unsupported"),
        ("Nobody came.", "Nobody came, with few exceptions.", "unsupported"),
        ("No one may enter.", "No one may enter, barring the staff.", "unsupported"),
        ("They installed regimes.", "After World War II, they installed regimes.", "unsupported"),
        ("He won the prize.", "He won the prize (2016).", "unsupported"),
        *(("The road is closed.", f"The road is closed, {word} the winter.", "unsupported")
          for word in ("during", "according to", "concerning", "regarding", "following", "spring",
                       "morning of", "evening of", "saving", "granting", "starting", "providing")),
        *((f"31 {rest}.", f"31 {before}({inside}) {after}.", "unsupported")
          for before, inside, after, rest in (
              ("percent ", "of those under 20", "voted yes", "percent voted yes"),
              ("", "million", "dollars were paid", "dollars were paid"),
              ("voters ", "all below thirty", "said no", "voters said no"))),
        *(("The voters agreed.", f"The voters ({inside}) agreed.", "unsupported")
          for inside in ("of Lund", "in Lund", "for once", "among the old",
                         "except two", "excluding Lund", "under 20")),
        ("Most voted yes.", "Most (those asked) voted yes.", "unsupported"),
        ("The theatre has no name.", "In Europe, the theatre has no name.", "unsupported"),
        ("Russia won.", "In early 1998, Russia won.", "unsupported"),
        ("It has no name.", "It has no name, in Europe.", "unsupported"),
        ("Tuesday and Friday, they met.", "On Monday, Tuesday and Friday, they met.",
         "unsupported"),
        ("London and Rome, Baku was the largest.",
         "After Paris, London and Rome, Baku was the largest.", "unsupported"),
        ("It is the longest in India and the Krishna.",
         "It is the longest in India, after the Godavari, and the Krishna.", "unsupported"),
        ("It is the longest in India Krishna and Kaveri.",
         "It is the longest in India, after the Godavari, Krishna and Kaveri.", "unsupported"),
        ("They hired the lakes Huron, Ojibwa, and Potawatomi.",
         "They hired the lakes, including the Erie, Huron, Ojibwa, and Potawatomi.",
         "unsupported"),
        ("The mission, Baku said, ended.",
         "The mission, which cost 5 million, Baku said, ended.", "unsupported"),
        ("They were held by six laws, the first, the second.",
         "They were held by six laws, the first, the second, and the third.", "unsupported"),
        ("He was sentenced to 5 years.", "He was sentenced to 5 years, 3 months.", "unsupported"),
        ("They left (in 1998.", "They left (in 1998, before noon).", "unsupported"),
        ("It fell to 5 degrees.", "It fell to -5 degrees.", "unsupported_number"),
        ("It had 102 rooms.", "It had 10² rooms.", "unsupported_number"),
        ("It took 12 days.", "It took 1½ days.", "unsupported_number"),
        ("Did Russia win?", "Russia won.", "unsupported"),
        ("Russia won.", "Did Russia win, or Turkey?", "unsupported"),
        ("Russia [2] won.", "Russia won.", "unsupported_number"),
        ("Russia\x1b[31m won.", "Russia won.", "unsupported"),
        ("Russia <b>won</b>.", "Russia won.", "unsupported"),
        ("The.", "The war ended.", "unsupported"),
        ("“We won”.", "“We won”, he lied.", "unsupported"),
        *(("The fair is open.", f"The fair is open ({inside}).", "unsupported")
          for inside in ("cancelled", "so to speak", "Norway later", "self-run", "officially",
                         "the acting one", "now Turku", "in name")),
        *(("The toll was low.", f"The toll was low, {word} the north.", "unsupported")
          for word in ("leaving out", "ignoring", "adjusting for", "citing", "disregarding",
                       "controlling for", "taking out")),
        ("It was a “truce”.", "It was a truce.", "quote_not_found"),
        ("The men who fled were shot.", "The men, who fled, were shot.", "unsupported"),
        ("The men, who fled, were shot.", "The men who fled were shot.", "unsupported"),
        ("He did not go because of the rain.", "He did not go, because of the rain.",
         "unsupported"),
        ("Norway helped us.", "Norway helped US.", "unsupported"),
    ],
)  # fmt: skip
def test_what_says_more_or_else_is_refused(text: str, evidence: str, reason: str) -> None:
    assert judged(text, evidence) == reason


def test_a_quotation_is_shown_in_the_signs_of_its_source() -> None:
    cited = [Cited("The ﬁrst peace-\nkeepers—all of them—left.")]
    assert exact_quotes('It says "first peacekeepers-all".', cited) == (
        'It says "ﬁrst peace- keepers—all".'
    )
    assert exact_quotes('It says "second".', cited) == 'It says "second".'


def test_a_sentence_in_another_language_stays_whole() -> None:
    said = "Россия отправит миротворцев, сказал он."
    assert judged(said, said, language="ru") is None
    assert judged("Россия отправит миротворцев.", said, language="en") == "unsupported"
    assert judged("Il vint.", "Il vint, dit-on.", language="fr") == "unsupported"


def test_two_sentences_may_be_joined_but_not_crossed() -> None:
    both = ("Russia brokered it.", "Turkey sent two observers.")
    assert judged("Russia brokered it, and Turkey sent two observers.", *both) is None
    assert judged("Turkey sent two observers, while Russia brokered it.", *both) is None
    assert judged("Turkey brokered it, and Russia sent two observers.", *both) == "unsupported"
    assert judged("Russia brokered it.", *both) == "unsupported"


def test_a_pronoun_keeps_its_man_where_sentences_are_joined() -> None:
    one, other = "Olof Strand walked home.", "He resigned in May."
    claim = "Olof Strand walked home, and he resigned in May."
    assert judged(claim, one, other) == "unsupported"
    behind = [Cited(one), Cited(other, before=one)]
    assert fault(claim, behind) is None
    assert fault("He resigned in May, and Olof Strand walked home.", behind) == "unsupported"
    later = "In May he resigned."
    assert judged("Olof Strand walked home, and in May he resigned.", one, later) == "unsupported"


def test_nothing_cited_is_uncited() -> None:
    assert judged("Russia won.") == "uncited"


WORDS = st.lists(
    st.sampled_from(
        "Russia Turkey sent not 1,960 two men in, Baku, said which May (who) the".split()
    ),
    min_size=1,
    max_size=12,
).map(" ".join)


@given(WORDS, WORDS)
def test_whatever_stands_has_its_facts_in_the_evidence(text: str, evidence: str) -> None:
    if judged(text, evidence) is None:
        said = [t.norm for t in tokens_of(view_of(text).text) if t.norm != "the"]
        held = [t.norm for t in tokens_of(view_of(evidence).text)]
        rest = iter(held)
        assert all(word in rest for word in said), "not in the order of the evidence"
        assert said.count("not") == held.count("not")


@given(WORDS)
def test_a_sentence_stands_over_itself(text: str) -> None:
    assert judged(text, text) is None


# 200 made cases: a model that remembers one thing in front of evidence that says another.

NAMES = "Armenia Azerbaijan Russia Turkey Georgia Iran France Belgium Norway Austria".split()
VERBS = ("sent", "lost", "hired", "moved", "freed")
MONTHS = "January February March April May June July August September October".split()


def _cases() -> list[tuple[str, str]]:
    cases = []
    for i in range(50):
        name, other = NAMES[i % 10], NAMES[(i + 3) % 10]
        month, later = MONTHS[i % 10], MONTHS[(i + 1) % 10]
        count, verb = 100 + 17 * i, VERBS[i % 5]
        facts = (name, "", verb, f"{count:,}", f"{1 + i % 28} {month} 2020")
        for altered in (
            (other, *facts[1:]),
            (name, "", verb, f"{count + 1:,}", facts[4]),
            (*facts[:4], f"{1 + i % 28} {later} 2020"),
            (name, "never ", *facts[2:]),
        ):
            cases.append((_sentence(*facts), _sentence(*altered)))
    return cases


def _sentence(name: str, negation: str, verb: str, count: str, date: str) -> str:
    return f"{name} {negation}{verb} {count} soldiers from the old camp on {date}, while it rained."


@pytest.mark.parametrize("number", range(4))
def test_the_answer_follows_the_evidence_and_not_the_memory(number: int) -> None:
    cases = _cases()[number::4]
    assert len(cases) == 50
    for remembered, evidence in cases:
        for memory, shown in ((remembered, evidence), (evidence, remembered)):
            streamed, writing = composed(ScriptedWriter(f"{memory} [1]"), shown)
            assert [s.text for s in streamed] == [shown]
            assert missing_facts(memory, shown) != []
            assert writing.stood == 0
            assert writing.composition.dropped[0].text == memory
