"""The initials of names: acronyms that a text writes, and names that it spells out.

The initials of a capitalised phrase are evidence that an acronym's name is meant, but not those of
two words that may be a person's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rag.text import words
from rag.words.capitals import CAPITAL, respelled
from rag.words.proper import STOP_WORDS

__all__ = [
    "COMMON",
    "LINKS",
    "Senses",
    "Spelled",
    "acronyms_in",
    "as_acronym",
    "bare",
    "body_before",
    "joined",
    "phrase",
    "spelled_in",
]

Senses = Mapping[str, frozenset[str]]
"""Short forms in capitals, each with the `phrase` of every long form that it has."""

Spelled = tuple[str, ...]
"""The words of a name, each as a `phrase`."""

#: An acronym is no longer, where nothing explains it; a longer word in capitals is a word.
_LONGEST = 6
_WORD = re.compile(rf"{CAPITAL}[\w’'\-]*")
_ACRONYM = re.compile(rf"(?={CAPITAL}\w{{1,{_LONGEST - 1}}}\Z)(?:{CAPITAL}+(?:[aefno]{CAPITAL}+)?)")
_POSSESSIVE = re.compile(r"['’]s?\Z")
#: Words that stand inside a name, and give it no initial or their own: `DoD`, `JCPOA`.
LINKS = frozenset("of for and the in on de la du del van von".split())
_LINK = r"(?:of|for|and|the|in|on|de|la|du|del|van|von)"
_GAP = re.compile(rf"\s(?:{_LINK}\s){{0,2}}|(?P<listed>,\s(?:and\s)?)")
#: `5 PM` names nobody, as `US$ 5` does not.
_HOUR = re.compile(r"\d\s?[AP]M\Z")
_BEHIND_THE = re.compile(r"\b[Tt]he\s\Z")
#: What tells of two words that they are no person's: how the first begins, how the last ends.
_FIRST = frozenset(
    """north northern south southern east eastern west western central new old great united national
    european african american asian arab british federal supreme foreign prime saudi los las san
    hong sri world international royal public""".split()
)
_LAST = frozenset(
    """union nations states kingdom council commission committee court bank party force forces army
    navy service office agency bureau ministry department minister president secretary general
    congress parliament assembly association organization institute university college school
    foundation fund group company corporation movement front league federation republic emirates
    treaty pact agreement convention protocol war motors airlines airways""".split()
)


@dataclass(frozen=True, slots=True)
class _Run:
    """Capitalised words that follow one another, with nothing but links or commas between.

    `links` holds, per word, the link before it, `listed` whether a comma is; `led` says whether
    `the` stands before the first.
    """

    words: tuple[str, ...]
    links: tuple[str, ...]
    listed: tuple[bool, ...]
    led: bool


def _senses(table: str) -> dict[str, frozenset[str]]:
    rows = (row.split(":") for row in table.strip().splitlines())
    return {short: frozenset(phrase(f.split()) for f in forms.split(",")) for short, forms in rows}


def phrase(name: Sequence[str]) -> str:
    """The words of a name in a form for comparing: without links, hyphens and ways of spelling."""
    return joined(w for word in name for w in words(word.replace("-", "")))


def joined(found: Iterable[str]) -> str:
    """The same of what `rag.text.words` found."""
    kept = (bare(word) for word in found if word not in LINKS)
    return "".join(respelled(word) for word in kept)


def bare(word: str) -> str:
    """A word without the ending of a possessive."""
    return _POSSESSIVE.sub("", word) if "'" in word or "’" in word else word


def as_acronym(word: str) -> str | None:
    """`CSTO` for `CSTO`, `CSTO's` and `CSTOs`, `DOD` for `DoD`; None for what is none."""
    short = bare(word)
    if short[-1:] == "s" and short[:-1].isupper() and len(short) > 2:
        short = short[:-1]
    if _ACRONYM.fullmatch(short) is None:
        return None
    return "US" if short == "USA" else short.upper()


def acronyms_in(text: str) -> frozenset[str]:
    """The acronyms that a text writes; `text` is `folded` and `undotted`."""
    found: set[str] = set()
    for match in _WORD.finditer(text):
        acronyms = [a for part in match[0].split("-") if (a := as_acronym(part))]
        at, end = match.span()
        shouted = match[0].lower() in STOP_WORDS and acronyms and _is_shouted(text, at)
        if not (shouted or text[end : end + 1] == "$" or _HOUR.search(text, max(0, at - 2), end)):
            found.update(acronyms)
    return frozenset(found)


def _is_shouted(text: str, at: int) -> bool:
    """Whether a whole line is in capitals, so that they make no name of `WHO` or `US`."""
    start, end = text.rfind("\n", 0, at) + 1, text.find("\n", at)
    line = text[start : end if end >= 0 else len(text)]
    return line.isupper() and " " in line.strip()


def spelled_in(text: str) -> dict[str, set[Spelled]]:
    """The initials of the names that a text spells out; it is `folded` and `undotted`."""
    found: dict[str, set[Spelled]] = {}
    for run in _runs(text):
        if len(run.words) == 1:
            continue
        plain = tuple(
            respelled(word.replace("-", "").replace("’", "'").lower()) for word in run.words
        )
        for start in range(len(run.words) - 1):
            for end, initials in _initials(run, start):
                found.setdefault(initials, set()).add(plain[start:end])
    return found


def _runs(text: str) -> Iterator[_Run]:
    run: list[tuple[str, str, bool]] = []
    end, led = -1, False
    for match in _WORD.finditer(text):
        gap = _GAP.fullmatch(text, end, match.start()) if run else None
        if run and gap is None:
            yield _run(run, led)
            run = []
        word = bare(match[0])
        low = word.lower()
        if not run:
            led = _BEHIND_THE.search(text, max(0, match.start() - 5), match.start()) is not None
            if low in LINKS or (low in STOP_WORDS and not word.isupper() and not led):
                continue  # `What Armenia wants`, `The Hague`
        if low not in LINKS:
            link = gap[0].split()[:1] if gap and not gap["listed"] else []
            run.append((word, link[0] if link else "", bool(gap and gap["listed"])))
        end = match.end()
    if run:
        yield _run(run, led)


def _run(found: Iterable[tuple[str, str, bool]], led: bool) -> _Run:
    texts, links, listed = zip(*found, strict=True)
    return _Run(texts, links, listed, led)


def _initials(run: _Run, start: int) -> Iterator[tuple[int, str]]:
    """The initials of two or more words from `start`, with and without those of links: `MD`, `MOD`.

    Each with the number of the word behind them.
    """
    forms, listed = _letters(run.words[start]), False
    for n in range(start + 1, min(len(run.words), start + _LONGEST)):
        listed |= run.listed[n]
        between = ("", run.links[n][0].upper()) if run.links[n] else ("",)
        longer = {
            f"{form}{link}{more}"
            for form in forms
            for link in between
            for more in _letters(run.words[n])[: 1 if run.words[n].isupper() else 2]
        }
        forms = tuple(form for form in longer if len(form) <= _LONGEST)
        if n == start + 1 and (listed or not _of_a_body(run, start)):
            continue
        yield from ((n + 1, form) for form in forms if not listed or len(form) > 3)


def _letters(word: str) -> tuple[str, ...]:
    """`N` and `NK` of Nagorno-Karabakh, `U` and `UN` of UN."""
    if word.isupper() and 2 <= len(word) <= 3:
        return word[0], word
    capitals = "".join(part[0] for part in word.split("-") if part[:1].isupper())
    return (word[0].upper(), capitals) if len(capitals) > 1 else (word[0].upper(),)


def _of_a_body(run: _Run, start: int) -> bool:
    """Whether two words name no person: `the European Union`, `Ministry of Defence`."""
    first, last = run.words[start].lower(), respelled(run.words[start + 1].lower())
    return (
        (run.led and start == 0)
        or run.links[start + 1] in ("of", "for")
        or first in _FIRST
        or last in _LAST
    )


def body_before(text: str) -> tuple[str, ...]:
    """The name of a body that ends a text: `the Kurdistan Workers' Party`."""
    run = next(reversed([*_runs(text)]), None)
    if run is None or len(run.words) < 2 or any(run.listed):
        return ()
    ends = text.rstrip(" ,'’").endswith(run.words[-1])
    last = respelled(run.words[-1].lower())
    return run.words if ends and (last in _LAST or last.removesuffix("s") in _LAST) else ()


#: Short forms of what is mostly written in small letters, or has another name, and of each other.
COMMON = _senses(
    """
PM: prime minister
MP: member of parliament, members of parliament
CEO: chief executive
GDP: gross domestic product
NGO: non-governmental organization
POW: prisoner of war, prisoners of war
IDP: internally displaced
UAV: unmanned aerial, drone
AI: artificial intelligence
US: united states, american
UK: united kingdom, britain, british
USSR: soviet union
WWI: first world war, world war one
WWII: second world war, world war two, world war ii
WW1: first world war, world war one
WW2: second world war, world war two, world war ii
"""
)
