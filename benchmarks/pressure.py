"""Two hundred made cases in which the evidence says something else than what the model remembers.

Capitals are exchanged, years and counts are moved, and true statements are denied. An answer
follows the evidence when it says what stands there and not what is true.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.asking.question import understand
from rag.compose.extractive import marked_text
from rag.compose.generative import GenerativeComposer, Writing
from rag.compose.prompts import Shown, messages_for
from rag.models.writer import Message, Writer
from rag.read import Reading
from rag.types import Document, Evidence, EvidenceSentence, Hit, Paragraph, Passage, Span

__all__ = ["Case", "cases", "under_pressure"]

CAPITALS = """
France Paris, Italy Rome, Spain Madrid, Portugal Lisbon, Germany Berlin, Austria Vienna,
Poland Warsaw, Hungary Budapest, Greece Athens, Turkey Ankara, Egypt Cairo, Kenya Nairobi,
Japan Tokyo, China Beijing, Thailand Bangkok, Vietnam Hanoi, Indonesia Jakarta, Russia Moscow,
Ukraine Kyiv, Georgia Tbilisi, Armenia Yerevan, Azerbaijan Baku, Iran Tehran, Iraq Baghdad,
Norway Oslo, Sweden Stockholm, Finland Helsinki, Denmark Copenhagen, Ireland Dublin,
Belgium Brussels, Canada Ottawa, Cuba Havana, Peru Lima, Chile Santiago, Colombia Bogota,
Ecuador Quito, Australia Canberra, Romania Bucharest, Bulgaria Sofia, Serbia Belgrade,
Croatia Zagreb, Morocco Rabat, Tunisia Tunis, Ghana Accra, Senegal Dakar, Lebanon Beirut,
Syria Damascus, Jordan Amman, Nepal Kathmandu, Philippines Manila
"""
EVENTS = """
the Titanic sank|1912; the First World War began|1914; the First World War ended|1918;
the Second World War began|1939; the Second World War ended|1945; the Berlin Wall fell|1989;
the Soviet Union was dissolved|1991; the first people walked on the Moon|1969;
Columbus reached America|1492; the French Revolution began|1789;
Napoleon was beaten at Waterloo|1815; the American Civil War ended|1865;
the Suez Canal was opened|1869; the Eiffel Tower was opened|1889; Queen Victoria died|1901;
the Russian Revolution began|1917; penicillin was discovered|1928; India became independent|1947;
Mount Everest was first climbed|1953; the first satellite was launched|1957;
Kennedy was shot|1963; Nixon resigned|1974; the Chernobyl reactor exploded|1986;
Mandela was released|1990; the euro coins were introduced|2002;
Constantinople fell to the Ottomans|1453; the Magna Carta was sealed|1215;
the battle of Hastings was fought|1066; London burned|1666; the Bastille was stormed|1789;
the Declaration of Independence was signed|1776; Gandhi was killed|1948; Stalin died|1953;
Lenin died|1924; Shakespeare died|1616; Mozart was born|1756; Einstein was born|1879;
Newton published his Principia|1687; Darwin published his Origin of Species|1859;
the Panama Canal was opened|1914; the Korean War began|1950;
the Cuban Missile Crisis took place|1962; the Spanish Armada sailed|1588;
the Black Death reached England|1348; Rome was sacked by Alaric|410; Charlemagne was crowned|800;
the Wright brothers first flew|1903; the Hindenburg burned|1937;
the United Nations was founded|1945; Israel was founded|1948
"""
COUNTS = """
A spider has 8 legs; An insect has 6 legs; A week has 7 days; A year has 12 months;
A day has 24 hours; An hour has 60 minutes; A chessboard has 64 squares;
A football team has 11 players; A piano has 88 keys; A violin has 4 strings;
A guitar has 6 strings; The human body has 206 bones; A cat has 4 paws; An octopus has 8 arms;
The Sun has 8 planets; A dozen has 12 pieces; A century has 100 years; A decade has 10 years;
A triangle has 3 sides; A hexagon has 6 sides; A cube has 6 faces; The alphabet has 26 letters;
A deck has 52 cards; The flag of America has 50 stars; A rainbow has 7 colours;
The Olympic flag has 5 rings; A basketball team has 5 players; A golf course has 18 holes;
A leap year has 366 days; The heart has 4 chambers; A kilometre has 1000 metres;
A foot has 12 inches; A pound has 16 ounces; A gallon has 8 pints; A circle has 360 degrees;
A minute has 60 seconds; A marathon has 42 kilometres; A domino set has 28 tiles;
A tennis match has 5 sets; A sonnet has 14 lines; A haiku has 17 syllables;
The Senate has 100 members; A stop sign has 8 sides; A dice has 6 faces;
A cricket team has 11 players; A fortnight has 14 days; A starfish has 5 arms;
A tricycle has 3 wheels; A butterfly has 4 wings; A camel has 4 legs
"""
BESIDE = (
    "Visitors, who come in great number, ask about it every day.",
    "The guide, which was printed in May, has a page on the matter.",
    "A teacher, who was asked, wrote it down with care.",
)


@dataclass(frozen=True, slots=True)
class Case:
    """A question, altered evidence, and the words that an answer has and has not to contain."""

    kind: str
    question: str
    evidence: str
    said: str
    true: str | None


def cases() -> list[Case]:
    """Fifty cases of each kind: name, negation, date, number."""
    pairs = [p.split() for p in " ".join(CAPITALS.split()).split(", ")]
    return [*_names(pairs), *_negations(pairs), *_dates(), *_numbers()]


def _names(pairs: Sequence[Sequence[str]]) -> Iterator[Case]:
    for i, (country, capital) in enumerate(pairs):
        other = pairs[(i + 7) % len(pairs)][1]
        text = f"The capital of {country}, which lies on a river, is {other}."
        yield Case("name", f"What is the capital of {country}?", text, other, capital)


def _negations(pairs: Sequence[Sequence[str]]) -> Iterator[Case]:
    for country, capital in pairs:
        text = f"{capital}, which many people visit, is not the capital of {country}."
        yield Case("negation", f"Is {capital} the capital of {country}?", text, "not", None)


def _dates() -> Iterator[Case]:
    for i, entry in enumerate(" ".join(EVENTS.split()).split("; ")):
        event, year = entry.split("|")
        other = str(int(year) + (3 + i % 20) * (-1) ** i)
        text = f"In {other} {event}, which changed many lives."
        yield Case("date", f"When was it that {event}?", text, other, year)


def _numbers() -> Iterator[Case]:
    for i, fact in enumerate(" ".join(COUNTS.split()).split("; ")):
        count = next(iter(re.findall(r"\d+", fact)))
        other, thing = str(int(count) + 1 + i % 9), fact.split(count)[1].strip()
        subject = fact.split(" has ")[0]
        text = f"{subject} has {other} {thing}, which surprises many people."
        question = f"How many {thing} does {subject[0].lower()}{subject[1:]} have?"
        yield Case("number", question, text, other, count)


class Unbound:
    """A writer that is not held to a grammar, as one behind an endpoint is not."""

    def __init__(self, writer: Writer) -> None:
        self._writer, self.name = writer, writer.name

    def generate(
        self, messages: Sequence[Message], *, max_tokens: int, grammar: str | None = None
    ) -> Iterator[str]:
        return self._writer.generate(messages, max_tokens=min(max_tokens, 80))

    def count_tokens(self, text: str) -> int:
        return self._writer.count_tokens(text)


def under_pressure(writer: Writer, free: int) -> None:
    """Prints how many answers follow the evidence; `free` cases also without grammar or check."""
    made = cases()
    some = made[:: max(1, len(made) // free)] if free else []
    bound = [(c, composed(writer, c)) for c in made]
    _show("composed, held to the grammar and checked", [(c, w[0]) for c, w in bound])
    print(f"  in the model's own words: {sum(w[1] > 0 for _, w in bound)} of {len(bound)}")
    if some:
        loose = [(c, composed(Unbound(writer), c)) for c in some]
        _show("composed, written freely and checked", [(c, w[0]) for c, w in loose])
        print(f"  in the model's own words: {sum(w[1] > 0 for _, w in loose)} of {len(loose)}")
        _show("the same model, free and unchecked", [(c, plain(writer, c)) for c in some])


def follows(case: Case, answer: str) -> bool:
    """Whether an answer says what the evidence says, and not what is true."""
    held = re.search(rf"\b{case.said}\b", answer) is not None
    return held and (case.true is None or re.search(rf"\b{case.true}\b", answer) is None)


def composed(writer: Writer, case: Case) -> tuple[str, int]:
    """The answer over the altered sentence and one beside it, and how much the model wrote."""
    reading, documents = _reading(case)
    writing = None
    for made in GenerativeComposer(writer).compose(understand(case.question), reading, documents):
        writing = made if isinstance(made, Writing) else writing
    assert writing is not None
    return marked_text(writing.composition.statements), writing.stood


def plain(writer: Writer, case: Case) -> str:
    shown = [Shown(text, f"{n}.txt", None) for n, text in enumerate(_sentences(case), start=1)]
    return "".join(writer.generate(messages_for(case.question, shown), max_tokens=80))


def _sentences(case: Case) -> list[str]:
    return [case.evidence, BESIDE[len(case.evidence) % len(BESIDE)]]


def _reading(case: Case) -> tuple[Reading, dict[str, Document]]:
    documents, evidence = {}, []
    for n, text in enumerate(_sentences(case), start=1):
        span, source = Span(0, len(text)), f"{n}.txt"
        documents[source] = Document(source, text, "0" * 64, "text", (Paragraph(1, 0, len(text)),))
        hit = Hit(Passage(f"p{n}", n, source, 0, len(text), text, 1, 1), 1.0)
        # Near enough for the extractive answer to hold both, and for the second to be left out.
        support = 0.9 if n == 1 else 0.35
        found = EvidenceSentence(span, support, 0.85 if n == 1 else 0.39)
        evidence.append(Evidence(n, hit, (found,), None, support))
    return Reading(tuple(evidence), 0.9), documents


def _show(title: str, answers: Sequence[tuple[Case, str]]) -> None:
    right = Counter(c.kind for c, answer in answers if follows(c, answer))
    asked = Counter(c.kind for c, _ in answers)
    total = sum(right.values())
    print(f"{title}: {total} of {len(answers)} follow the evidence ({total / len(answers):.1%})")
    print("  " + ", ".join(f"{kind} {right[kind]}/{asked[kind]}" for kind in asked))
    for case, answer in [p for p in answers if not follows(*p)][:3]:
        print(f"  not: {case.evidence} -> {' '.join(answer.split())[:160]}")
