"""What a number in a sentence counts, and whether two numbers count the same thing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from rag.compare.figures import FIGURE
from rag.compare.likeness import STOP, stem
from rag.compare.opposites import unphrased
from rag.compare.quantities import Amount
from rag.compare.roles import NEVER, THOSE, does_alone, in_its, role_of
from rag.text import words
from rag.words.mentions import stands_in

__all__ = ["PERCENT", "Counted", "about", "counted", "fates", "shared_noun", "tells_of"]

PERCENT = "percent"

#: Years by which two ages may differ: a person is older in a later document.
YEARS = 2

#: Words of reporting in STOP that can be counted: `31 officials were arrested`.
_NOUNS = frozenset("officials authorities reports counts ministry government".split())
_ENDS = (STOP - _NOUNS) | frozenset(
    """during between among against near since while because per each every off across along through
    within without until whose whom if onto upon behind beyond inside outside do does did can could
    may might must should shall we you i me us them him all both""".split()
)
_LEADS = frozenset("were was are is have had has been be being also".split())
_IRREGULAR = frozenset(
    "people men women children police troops feet cattle geese mice teeth".split()
)
#: What those counted did: `no more than 8,000 left`.
_DID = frozenset("left fled came went stayed returned voted marched joined survived".split())
_SINGULAR = frozenset("always perhaps sometimes besides across towards plus less unless".split())

#: What befell those counted: words of one line are the same thing.
_FATES = {
    stem(form): n
    for n, line in enumerate(
        """dead drown drowned perish perished murdered massacred slain toll bodies
        wound wounded injure injured injuries injury hurt maimed
        missing
        arrest arrested detained imprisoned jailed
        capture captured
        displace displaced evacuated fled
        rescued survived survive saved
        infected sick ill""".splitlines()
    )
    for form in line.split()
}
#: Names of one unit of measure.
_UNITS = {
    form: names.split()[0]
    for names in (
        "kilometre km kilometer",
        "metre m meter",
        "centimetre cm centimeter",
        "millimetre mm millimeter",
        "kilogram kg kilo",
        "tonne t",
        "gram g",
        "hectare ha",
        "litre l liter",
        "megawatt mw",
        "gigawatt gw",
    )
    for form in names.split()
} | {
    form: form
    for form in """mile feet foot yard inch acre pound ounce ton gallon barrel second minute hour
    day week month year decade century knot degree""".split()
}

#: Signs of currency, by the word that follows a number elsewhere.
_SIGNS = {"$": "dollar", "€": "euro", "£": "pound"}
#: A number with nothing behind it that it could count: `The toll stands at 57.`
_BARE = re.compile(r"\A\s*(?:[.,;:!?)”\"]|\Z)")

_NUMBER_OF = re.compile(
    r"(?i)\b(?:number|count|total)s?\sof\s(?P<noun>[\w’'-]+(?:\s[\w’'-]+)?)"
    r"\b[^.,;:]{0,60}?\s(?:at|is|was|reach(?:es|ed)|(?:rose|risen|fell|fallen|grew|grown|up|down|went)"
    r"\sto)\s\Z"
)
_STUFF = re.compile(r"\s[\w-]+\sof\s(?:the\s)?(?P<what>[a-z][\w-]+)")
# The comma of `of the 8,000` ends no clause.
_CLAUSE = re.compile(
    r"(?<!\d)[.:,]|[.:,](?!\d)|[;()“”\"–—]|\n{3,}|\s(?:and|or|but|while|whereas)\b"
)
_OF = re.compile(rf"(?i)\A\sof\s(?:{THOSE}\s)*(?:{FIGURE}\s)?")


@dataclass(frozen=True, slots=True)
class Counted:
    """What a number counts: its noun as written and as a stem, and the words that narrow it.

    `noun` is empty where the number stands alone, as in `31 were killed`; `verb` is what follows,
    `fate` what befell them, and `role` how the number is meant, empty where as a plain count.
    """

    shown: str
    noun: str
    own: frozenset[str]
    verb: str
    fate: int | None
    role: str

    @property
    def measured(self) -> bool:
        """Whether the noun is a unit of measure."""
        return self.noun in _UNITS.values()


def shared_noun(one: Amount, other: Amount, answers: bool = False) -> str | None:
    """The noun that two amounts count, as the one writes it; None where it is not the same.

    Where both are `answers` to one question, a number without a noun is of that of the other.
    """
    a, b = counted(one), counted(other)
    if _some_of(one, other) or _some_of(other, one):
        return None
    if answers and (a is None) != (b is None):
        return _of_a_bare_one(*((a, other) if b is None else (b, one)))
    if a is None or b is None or a.role != b.role or a.role in NEVER:
        return None
    if a.role == "age" and one.low <= other.high + YEARS and other.low <= one.high + YEARS:
        return None
    if a.fate is not None and b.fate is not None and a.fate != b.fate:
        return None
    if not a.noun or not b.noun:
        told = answers or _counts_as_many(a, b, one, other)
        return a.shown if told and a.verb == b.verb else None
    if a.noun != b.noun or not _narrowed_alike(a, b, one, other):
        return None
    return a.shown


def _some_of(amount: Amount, other: Amount) -> bool:
    """Whether a number counts some of a whole, by what the other does not tell of it."""
    phrase, what = _clause(amount.after), counted(amount)
    if in_its(amount, phrase, other):
        return True
    if what is None or not what.noun or not _OF.match(phrase) or _OF.match(_clause(other.after)):
        return False
    return does_alone(amount, phrase.lower().partition(what.shown)[2], other)


def _of_a_bare_one(what: Counted | None, bare: Amount) -> str | None:
    """The noun of one answer, where the other is a number alone and may be one of the same."""
    if what is None or not what.noun or what.noun == PERCENT or what.measured:
        return None
    plain = _BARE.match(bare.after) is not None and what.role == role_of(bare) == ""
    return what.shown if plain and what.noun not in _SIGNS.values() else None


def tells_of(amount: Amount, what: Counted) -> bool:
    """Whether a number counts the same noun, or has the same verb where there is none."""
    told = counted(amount)
    # A part counts too: `84 people, including 31 people of Oslo` may mean either.
    if told is None or told.role in NEVER - {"part"}:
        return False
    return what.noun == told.noun if what.noun and told.noun else what.verb == told.verb


def fates(text: str) -> frozenset[int]:
    """What a text says befell somebody."""
    return frozenset(_FATES[stem(w)] for w in words(unphrased(text)) if stem(w) in _FATES)


def about(noun: str) -> str:
    """What a conflict over a noun's number is about."""
    if noun in _SIGNS.values():
        return "the sum"
    return "the percentage" if noun == PERCENT else f"the number of {noun}"


@lru_cache(maxsize=1024)
def counted(amount: Amount) -> Counted | None:
    """What an amount counts; None where the sentence does not tell."""
    after = amount.after
    if re.match(r"(?i)\s?(?:%|percent\b|per cent\b)", after):
        return _percentage(amount)
    money = next((_SIGNS[c] for c in amount.text if c in _SIGNS), None)
    if money is not None:
        return Counted(money, money, frozenset(), "", None, role_of(amount))
    clause = _noun_before(amount) or _clause(after)
    phrase = _OF.sub(" ", clause) if _OF.match(clause) else clause
    if not re.match(r"[\s-][\w’'-]", phrase):
        return None
    tokens = [t.strip("-’'") for t in re.findall(r"[\w’'-]+", phrase.lower())][:4]
    led = tokens[0] in _LEADS
    while tokens and tokens[0] in _LEADS:
        tokens.pop(0)
    every, tokens = tokens, _cut(tokens)
    if not tokens or tokens[0] in {"odd", "year-old"}:
        return None
    # `31 of the dead were soldiers` does not count the dead.
    part = phrase is not clause and stem(tokens[0]) in _FATES
    return _of_tokens(
        tokens, every, led, _fate(amount, phrase), "part" if part else role_of(amount)
    )


def _noun_before(amount: Amount) -> str:
    """The noun of `the number of visitors at 31,000`, as if it stood behind the number."""
    found = _NUMBER_OF.search(amount.before) if _BARE.match(amount.after) else None
    return f" {found['noun']}" if found else ""


def _of_tokens(
    tokens: list[str], every: list[str], led: bool, fate: int | None, role: str
) -> Counted:
    head = _head(tokens)
    if head is None and (led or tokens[0] in _DID or stem(tokens[0]) in _FATES):
        return Counted(tokens[0], "", frozenset(), stem(tokens[0]), fate, role)
    at = head or 0
    own = frozenset(stem(t) for t in tokens[:at])
    noun = stem(tokens[at])
    verb = stem(next((t for t in every[at + 1 :] if t not in _LEADS), ""))
    own = frozenset(w for w in own if w not in _FATES)
    return Counted(tokens[at], _UNITS.get(noun, noun), own, verb, fate, role)


def _percentage(amount: Amount) -> Counted:
    """A share of something: `10 percent of the women`."""
    rest = re.sub(r"(?i)\A\s?(?:%|percent|per cent)", "", _clause(amount.after))
    whole: list[str] = []
    if _OF.match(rest):
        whole = _cut(re.findall(r"[\w’'-]+", _OF.sub(" ", rest).lower())[:3])
        head = _head(whole)
        whole = whole[: 1 if head is None else head + 1]
    own = frozenset(map(stem, whole))
    return Counted(PERCENT, PERCENT, own, "", None, role_of(amount))


def _clause(after: str) -> str:
    """The words after a number up to the end of its clause."""
    end = _CLAUSE.search(after)
    return after[: end.start()] if end else after


def _cut(tokens: list[str]) -> list[str]:
    """The words up to the first that belongs to no noun."""
    return tokens[: next((n for n, t in enumerate(tokens) if t in _ENDS), len(tokens))]


def _head(tokens: list[str]) -> int | None:
    """Where the noun stands: the last plural of the first run of them, or a unit of measure."""
    first = next((n for n, t in enumerate(tokens[:3]) if _plural(t)), None)
    if first is None:
        return None
    # `Over three days mobs hunted them` counts no mobs.
    while (
        first + 1 < len(tokens[:3])
        and stem(tokens[first]) not in _UNITS
        and _plural(tokens[first + 1])
    ):
        first += 1
    return first


def _plural(word: str) -> bool:
    if word in _IRREGULAR or word.endswith("men") or stem(word) in _UNITS:
        return True
    ends = word.endswith("s") and not word.endswith(("ss", "us", "is", "'s", "’s"))
    return ends and len(word) > 3 and word not in _SINGULAR


def _fate(amount: Amount, clause: str) -> int | None:
    """What befell those counted: the first word for it in the clause, else the last one before."""
    after = [_FATES[stem(w)] for w in words(clause) if stem(w) in _FATES]
    before = [_FATES[stem(w)] for w in words(amount.before) if stem(w) in _FATES]
    return after[0] if after else before[-1] if before else None


def _narrowed_alike(a: Counted, b: Counted, one: Amount, other: Amount) -> bool:
    """Whether neither counts only a part of what the other counts: `31 young people`, `84 people`.

    A part that is larger than its whole is none.
    """
    if a.noun == PERCENT:
        return not a.own or not b.own or a.own <= b.own or b.own <= a.own
    if a.measured:
        stuffs = [_STUFF.match(x.after) for x in (one, other)]
        stuff = {stem(m["what"]) for m in stuffs if m is not None}
        return a.own == b.own and (None in stuffs or len(stuff) == 1)
    for narrow, wide, part, whole in ((a, b, one, other), (b, a, other, one)):
        extra = narrow.own - wide.own
        if wide.own <= narrow.own:
            around = set(words(whole.before + whole.after))
            stems = set(map(stem, around))
            told = all(w in stems or stands_in(w, around) for w in extra)
            return told or part.low > whole.high
    return False


def _counts_as_many(a: Counted, b: Counted, one: Amount, other: Amount) -> bool:
    """Whether neither need be a part of the other: `84 were killed` may tell of all the dead."""
    for told, part, whole in ((a, one, other), (b, other, one)):
        narrow = told.noun not in {"", "people", "person"} or told.own
        if narrow and part.high <= whole.low:
            return False
    return True
