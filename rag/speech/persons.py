"""Persons without a name: whom else a pronoun may mean, and what is told of somebody named."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rag.speech.speakers import BODIES, PHRASE_WORD, ROLES

__all__ = ["APPOSED", "PREDICATE", "SOMEBODY", "TITLE"]

_WOMEN = """
actress aunt bride countess daughter duchess empress girl girlfriend granddaughter grandmother
heiress housewife lady landlady maid mother niece nun princess queen sister stepmother waitress
widow wife
""".split()
_MEN = """
abbot archbishop bishop boy boyfriend brother cardinal emir emperor father grandfather grandson
groom husband imam king lad landlord monk nephew pastor patriarch pope prince rabbi shah sheikh
son stepfather sultan tsar uncle vicar waiter widower
""".split()
_ANYBODY = """
accountant acquaintance actor ally apprentice archaeologist architect artist assistant associate
astronomer athlete attacker attendant attorney auditor baker banker barber beekeeper biologist
blacksmith blogger bodyguard boss boxer broadcaster broker builder buyer caller candidate
caretaker carpenter celebrity chef chemist child citizen civilian classmate cleaner clerk client
coach collaborator collector columnist comedian companion composer comrade contractor cook coroner
correspondent councillor counterpart courier cousin critic curator customer cyclist dealer
defendant delegate dentist designer detainee detective diver donor drummer ecologist electrician
employer entrepreneur eyewitness firefighter fisher florist footballer foreigner forester founder
friend fugitive gardener geologist guard guest guide hacker hairdresser helper historian homeowner
host hostage hunter immigrant informant inmate insider instructor intern interpreter interviewer
intruder inventor investor janitor juror keeper killer labourer lecturer librarian lieutenant
loser magistrate mechanic medic mentor merchant messenger midwife migrant miller miner missionary
murderer musician narrator negotiator newcomer novelist nurse onlooker operator orphan owner
painter paramedic parent parishioner partner passenger passer-by patient pensioner person
pharmacist philosopher photographer physicist pianist pilgrim player plumber porter preacher
predecessor prisoner producer programmer psychiatrist psychologist publisher pupil recruit
relative rescuer rival robber sailor sculptor seller sergeant servant settler shepherd sheriff
singer smuggler sociologist solicitor somebody someone spectator sponsor spy stranger successor
superior supplier supporter surgeon surveyor survivor suspect tailor teenager tenant therapist
thief tourist trainee trainer translator traveller treasurer tutor twin vet victim villain visitor
voter waiter warden winner witness youngster
""".split()
_SINGLE = [r for r in ROLES if not r.endswith(("s", "men", "man")) and r not in BODIES]
_ANY = {*_SINGLE, *_ANYBODY} - {*_WOMEN, *_MEN}


_THINGS = """
answer assist banner barrier blunder border bother buffer bumper cancer center centre chapter
cloister colour computer consist constant container corner corridor counter cover cylinder differ
dinner disaster distant doctor door elegant error ever exist factor fever filter finger fist
flavor flavour floor flower folder former further gesture giant grant gutter hammer harbor harbour
helicopter honour hunger important instant jumper labour ladder latter layer letter lever lighter
list litter locker manner marker master matter meter mirror mist monitor monster motor murder
never number offer order other over paper part pepper pier pillar plant pleasant poster power
printer processor quarter radiator ransom rather reactor register remainder reminder renewer
resist restaurant river rumour saucer sector semester sewer shelter shoulder shower shutter
significant silver sister slipper sombre spider splendor sticker stopper summer supper surrender
tanker temper temperature tender terror theater theatre thriller thunder timber tower tractor
trailer transfer trigger twist upper vapor vector vinegar water weather whether winter wonder year
""".split()
#: Nobody knows all trades: `a heckler` does something, where it is no `letter`.
_NO_THING = rf"(?!(?:{'|'.join(_THINGS)})\b)[a-z]{{3,}}"
#: What follows shows that it is no adjective: `a heckler from`, and not `a larger change`.
_NO_NOUN = (
    r"(?=[.,;:)”’]|\Z|\s(?:who|from|in|at|on|of|and|with|to|for|that|about|by|near|had|has|was|is|came"
    r"|rose|went|stood|\w+ed)\b)"
)
_A_DOER = rf"\b(?:an?|another)\s(?:[a-z]+\s)?{_NO_THING}(?:er|or|ist|ant|eer){_NO_NOUN}"


def _somebody(nouns: Iterable[str], person: str) -> re.Pattern[str]:
    either = "|".join(sorted(set(nouns), key=len, reverse=True))
    # `The fisherman`; and `a Dane`, whom a capital letter makes a noun of its own.
    people = (
        rf"\ban?\s(?:young\s|old\s)?[A-Z][a-z]+(?=[,.;]|\s(?:who|from|in|called|named)\b)|{person}"
    )
    return re.compile(rf"(?<![\w’'-])(?:(?i:{either})\b(?!-\w)|{people}|{_A_DOER})")


SOMEBODY = {
    "he": _somebody(
        {r for r in _ANY if not r.endswith("woman")} | {*_MEN}, r"(?!hu|wo)(?:[a-z]{2,})?man\b"
    ),
    "she": _somebody(_ANY | {*_WOMEN}, r"\w*woman\b"),
}
"""Whom else a pronoun may mean: one person in a role, without a name."""

PREDICATE = re.compile(
    rf"\b(?:is|was|be|been|being|become|becomes|became|remains|remained)\s(?:not\s)?"
    rf"(?:(?:the|an?|its|their|our|his|her|my)\s)?(?:{PHRASE_WORD}\s){{0,3}}\Z"
    rf"|(?P<as>\b[Aa]s\s(?:an?\s)?(?:{PHRASE_WORD}\s){{0,2}}\Z)|\bwhose\s(?:{PHRASE_WORD}\s)?\Z"
)
APPOSED = re.compile(
    r"(?:\s(?:of|in|at|from)\s[^,.;:]*)?(?:,\s\d+)?(?:,\s|\s[–—(-]\s?)"
    rf"(?:(?:no\slonger|now|then|once|formerly|ever)\s)?(?:(?:the|an?|its|their|our)\s)?"
    rf"(?:(?:{PHRASE_WORD}|and)\s){{0,4}}"
)
"""What stands before a role that is of a person named: `is an …`, `as …`; `X, an …`."""

TITLE = re.compile(
    rf"\s(?:of\s(?:the\s)?)?(?:{PHRASE_WORD}\s){{0,3}}"
    rf"|(?P<off>(?:\s{PHRASE_WORD}){{0,2}}(?:\s(?:of|in|at|from|for|who|is|was)\s[^,.;:]*)?,\s"
    rf"(?:{PHRASE_WORD}\s){{0,3}})"
)
"""What stands between a role and the person it is of: `minister of trade X`; `mayor of Y, X`."""
