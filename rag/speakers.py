"""Who may speak: names, roles and offices as patterns, and which names are of one speaker."""

from __future__ import annotations

import re

__all__ = [
    "APPOSED",
    "JOINT",
    "LABEL",
    "NAME",
    "NAMED",
    "NOBODY",
    "NOT_A_PERSON",
    "NO_SUBJECT",
    "NO_TURN",
    "OPENERS",
    "PLACED",
    "PREDICATE",
    "PRONOUN",
    "ROLE",
    "ROLES",
    "SEVERAL",
    "SOMEBODY",
    "TITLE",
    "same_speaker",
]

_UPPER = "A-ZÀ-ÖØ-ÞĀČĆĐĎĒĔĖĘĚĞĪİŁŃŇŌŐŘŚŞŠŤŪŮŰŹŻŽƏ"
_CAP = rf"(?:(?:[A-Z]\.){{2,}}|[{_UPPER}][\w’'-]*(?:(?<=\b[A-Z])\.)?|@\w+)"
_PARTICLE = r"(?:(?:de|da|del|van|von|der|den|bin|al|el|la|le)\s)"
NAME = rf"(?<![\w@’'-]){_CAP}(?:\s{_PARTICLE}{{0,2}}{_CAP}){{0,5}}"
"""A run of capitalised words; whether it names a person or begins a sentence is not said."""

ROLES = """
adviser advisers activist activists academic academics administration agency aide aides ally
allies ambassador ambassadors analyst analysts army author authors authorities banker board
cabinet campaigner campaigners captain chairman chairwoman chancellor charity chief chiefs
colleague colleagues colonel commander commanders commission commissioner committee company
consultant council court critic critics delegation department deputies deputy diplomat diplomats
director directors doctor doctors driver economist economists editor editors embassy employee
employees engineer engineers envoy envoys executive executives expert experts farmer farmers father
fighter fighters firm forces general generals government governments governor group groups historian
historians inspector inspectors inquiry institute investigator investigators journalist journalists
judge judges lawmaker lawmakers lawyer lawyers leader leaders leadership manager managers mayor
mediator mediators minister ministers ministry monitor monitors mother neighbour neighbours
observer observers officer officers official officials ombudsman opponent opponents opposition
organisation organisations organization organizations parliament party physician pilot poet police
politician politicians president presidents priest professor professors prosecutor prosecutors
protester protesters refugee refugees report reports reporter reporters researcher researchers
resident residents scholar scholars scientist scientists secretary secretary-general senator
senators shopkeeper side soldier soldiers source sources spokesman spokesmen spokesperson
spokeswoman staff student students study survey teacher teachers team think-tank trader traders
treasurer union veteran veterans villager villagers volunteer volunteers witness witnesses worker
workers writer writers
""".split()
"""Whom something is said by without a name: offices, trades, bodies."""

_ROLE = "(?:" + "|".join(sorted(ROLES, key=len, reverse=True)) + ")"
_NOT_INSIDE = (
    "that|who|which|whom|whose|is|are|was|were|be|been|has|have|had|will|would|could|may|did|does"
    "|do|to|by|with|in|at|on|from|than|and|or|but|when|if|as|because|after|before|not|no|never"
    "|says?|said|told|asked|met|saw|called|sent|gave|made|took|the|an?"
)
_LOOSE = (
    r"(?!(?:that|who|which|is|are|was|were|has|have|had|will|would|if|when|said|what|where|how)\b)"
    r"[\w’'-]+"
)
_WORD = rf"(?!\d)(?!(?:{_NOT_INSIDE})\b)[\w’'-]+"
_DETERMINER = (
    r"(?:the|an?|some|many|several|one|two|three|most|other|his|her|its|their|my|our|both)"
)
_ROLE_PHRASE = (
    rf"(?<![\w’'-])(?!(?i:of|for|no)\b)(?:(?i:{_DETERMINER})\s)?(?:{_WORD}\s){{0,5}}"
    rf"(?i:{_ROLE})\b(?![’'-]\w)"
)
_OFFICE = (
    rf"(?<![\w’'-])(?:(?:[Tt]he|[Aa]n?|[Hh]is|[Hh]er|[Ii]ts|[Tt]heir)\s)?(?:{_WORD}\s){{0,5}}"
    rf"(?:{_ROLE}|of\sstaff)"
)
_PLACE = rf"(?:\s(?:of|in|at|from|for|near|on|close\sto)\s{_LOOSE}(?:\s{_LOOSE}){{0,7}})"
JOINT = re.compile(rf"{NAME}(?:,\s{NAME})?\s(?:and|&)\s(?:the\s)?{NAME}")
NAMED = re.compile(rf"(?:{_OFFICE}\s|(?<![\w’'-])[Tt]he\s)?(?P<name>{NAME})(?P<of>{_PLACE})?")
ROLE = re.compile(rf"{_ROLE_PHRASE}(?:\s(?:there|here))?(?P<of>{_PLACE})?")
"""Somebody as the subject of a clause: `X and Y`; `aid worker X`, `X of Y`; `officials in Z`."""

PLACED = re.compile(
    rf"\b(?:in|at|near|of|from|outside)\s(?:the\s)?{NAME}"
    rf"(?P<sign>,)\s(?:{NAME},\s){{0,2}}(?P<place>{NAME})\Z"
)
"""A place set off from another: `police in Goris, Armenia`."""

PRONOUN = re.compile(r"(?<![\w’'-])(?P<pronoun>[Hh]e|[Ss]he|[Tt]hey)\Z")

SEVERAL = re.compile(r"\sand\s|[^s’'\s]s\b|\b(?:\w*men|people|police|folk|staff)\b")
"""A name that stands for more than one."""

OPENERS = frozenset(
    """but and still yet then today meanwhile however later yesterday so while whereas as only once
    mon monday tuesday wednesday thursday friday saturday sunday january february march april may
    june july august september october november december first second third earlier recently
    """.split()
)
"""Words that may open a clause in front of a name and are capitalised only for that."""

NO_SUBJECT = frozenset(
    """i we you my your our his her its their it this that these those they he she who what which
    when where why how if after
    before although though unless until since because did does do has have had is are was were will
    would could should may might can neither nor no none not nobody nothing everyone everybody
    someone somebody anyone one some many most others other few all both each either another there
    here people thus hence therefore such similarly also instead indeed perhaps maybe
    in on at to for from with by of let please never even just critics reports
    opinion evidence history experience research legend tradition logic nature time english
    armenian azerbaijani russian turkish soviet american british french german iranian georgian
    ukrainian european western israeli chinese japanese abkhaz ossetian greek syrian polish italian
    spanish dutch indian pakistani kurdish arab official early later new old both recent media
    """.split()
)
"""Words that no name begins with, or that are no name when they stand alone."""

NOBODY = frozenset(
    "Act Article Chapter Directive Edition Figure Law Model Page Part Principle Section Season"
    " Table Theorem Theory Treaty Volume".split()
)
"""Last words of what is named, says something, and is nobody."""

NOT_A_PERSON = frozenset(
    """Agency Agreement Airport Army Association Avenue Bank Book Business Capitol Center Centre
    Charter Church City Club College Commission Committee Company Conference Congress Corporation
    Corridor Council Country County Court Cross Daily Day Department District East Eastern
    Federation Forces Foreign Forum Foundation Front Fund Gazette Group High Highland Hill Hospital
    House Institute International Island Islands Journal Kingdom Lake Law League Ledger Loch
    Magazine Market Media Ministry Mission Mount Mountain Museum Nation Nations National New News
    North Northern Notebook Office Organisation Organization Pact Palace Parliament Party Peace Plan
    Police Policy Port Post Press Principles Process Protocol Protocols Radio Railway Red Region
    Report Republic Revolution Rights River Road Saudi School Sea Security Senate Service Society
    South Southern Soviet Square State States Statesman Street Sun Television Times Treaty Tribune
    Union United University Valley Village War Watch Weekly West Western Wire World Hong Kong Sri
    Costa Los San Las Tel Cape Minister Prime Speaker Observer Star Review Defence Defense Human
    Province Oblast Prefecture Governorate Territory Territories Greater Upper Lower Central Inner
    Africa America Arabia Emirates Guinea Lanka Rica Zealand Burkina Puerto Sierra
    """.split()
)

_BODIES = frozenset(
    """administration agency army board cabinet charity commission committee company council court
    delegation department embassy firm government group inquiry institute leadership ministry
    opposition organisation organization parliament party police report side source staff study
    survey team think-tank union
    """.split()
)
_WOMEN = "chairwoman daughter girl mother princess queen sister spokeswoman wife woman".split()
_MEN = "boy brother chairman father husband king man prince son spokesman".split()
_SINGLE = [r for r in ROLES if not r.endswith(("s", "men", "man")) and r not in _BODIES]
_ANYBODY = [*_SINGLE, "boss", "child", "friend", "suspect", "victim", "witness"]


def _somebody(nouns: list[str]) -> re.Pattern[str]:
    either = "|".join(sorted(nouns, key=len, reverse=True))
    return re.compile(rf"(?<![\w’'-])(?:{either})\b(?!-\w)", re.IGNORECASE)


SOMEBODY = {
    "he": _somebody([r for r in _ANYBODY if r not in _WOMEN] + _MEN),
    "she": _somebody([r for r in _ANYBODY if r not in _MEN] + _WOMEN),
}
"""Whom else a pronoun may mean: one person in a role, without a name."""

PREDICATE = re.compile(
    rf"\b(?:is|was|be|been|being|become|becomes|became|remains|remained)\s(?:not\s)?"
    rf"(?:(?:the|an?|its|their|our|his|her|my)\s)?(?:{_WORD}\s){{0,3}}\Z"
    rf"|\b[Aa]s\s(?:an?\s)?(?:{_WORD}\s){{0,2}}\Z|\bwhose\s(?:{_WORD}\s)?\Z"
)
APPOSED = re.compile(
    r"(?:\s(?:of|in|at|from)\s[^,.;:]*)?(?:,\s\d+)?(?:,\s|\s[–—(-]\s?)"
    rf"(?:(?:no\slonger|now|then|once|formerly|ever)\s)?(?:(?:the|an?|its|their|our)\s)?"
    rf"(?:(?:{_WORD}|and)\s){{0,4}}"
)
"""What stands before a role that is of a person named: `is an …`, `as …`; `X, an …`."""

TITLE = re.compile(
    rf"\s(?:of\s(?:the\s)?)?(?:{_WORD}\s){{0,3}}"
    rf"|(?P<off>(?:\s{_WORD}){{0,2}}(?:\s(?:of|in|at|from|for|who|is|was)\s[^,.;:]*)?,\s"
    rf"(?:{_WORD}\s){{0,3}})"
)
"""What stands between a role and the person it is of: `minister of trade X`; `mayor of Y, X`."""

NO_TURN = frozenset(
    """from to cc bcc subject re fw fwd sent date reply reply-to attachments attachment importance
    pros cons pro con advantages disadvantages strengths weaknesses opportunities threats benefits
    benefit risks risk problem problems solution solutions cause causes effect effects input output
    decision decisions action actions item items next step steps owner deadline due status priority
    topic agenda minutes present absent apologies attendees participants summary conclusion result
    results background context goal goals aim aims todo outcome resolved motion
    who what when where why how cost costs time place location venue duration mood
    name title author email mail phone tel fax address website web url link source sources photo
    image caption figure table note notes nb ps example examples warning tip important update
    category categories tag tags keywords type version language page pages chapter section
    monday tuesday wednesday thursday friday saturday sunday morning afternoon evening before after
    """.split()
)
"""Words that begin lines in mail headers, lists and forms, and are nobody's name there."""

LABEL = re.compile(
    rf"^[ \t]*(?:\*\*|__)?(?P<name>[{_UPPER}][\w.’'-]*(?:[ ][{_UPPER}][\w.’'-]*){{0,3}})"
    r"(?:\*\*|__)?:(?:\*\*|__)?[ \t]",
    re.MULTILINE,
)
"""`NAME: ` at the beginning of a line, the way the turns of an interview are marked."""

_TITLES = frozenset("mr mrs ms miss mx dr sir dame lord lady prof the a an".split())
_JOINING = frozenset("and & in of at from for near on".split())
_ANOTHER = frozenset("another other second third deputy vice former junior senior".split())


def same_speaker(one: str, other: str) -> bool:
    """Whether two names are of one speaker: `Corin Albury` and `Mr Albury` are.

    They end alike, and what one has before that the other has too: `Jonas Holt` is not `Mira Holt`,
    and the foreign ministry not the defence ministry.
    """
    a, b = (re.findall(r"[\w@’'&-]+", name.casefold()) for name in (one, other))
    if not a or not b or a[-1] != b[-1]:
        return False
    if _JOINING.intersection(a) != _JOINING.intersection(b):
        return False
    roles = frozenset(ROLES)
    office = a[-1] in roles or not _JOINING.isdisjoint(a)
    # Only before a person's name is an office no more than a title: `police in Lund` are not
    # `officials in Lund`.
    left_out = _TITLES if office else _TITLES | roles | {"prime"}
    x, y = set(a) - left_out, set(b) - left_out
    if office and not _ANOTHER.isdisjoint(x ^ y):
        return False
    return x <= y or y <= x
