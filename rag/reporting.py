"""The words by which English reports what somebody says, as patterns; no sentence is read here."""

from __future__ import annotations

import re

__all__ = [
    "ACCORDING",
    "ADVERB",
    "CLAUSE",
    "COORDINATE",
    "INVERTED",
    "JOINT",
    "LABEL",
    "NAME",
    "NAMED",
    "NOBODY",
    "NOT_A_PERSON",
    "NOUNS",
    "NO_SUBJECT",
    "OPENERS",
    "PRONOUN",
    "ROLE",
    "SEVERAL",
    "SUBORDINATE",
    "VERB",
    "inside_sentence",
]

_UPPER = "A-ZÀ-ÖØ-ÞĀČĆĐĎĒĔĖĘĚĞĪİŁŃŇŌŐŘŚŞŠŤŪŮŰŹŻŽƏ"
_CAP = rf"(?:(?:[A-Z]\.){{2,}}|[{_UPPER}][\w’'-]*(?:(?<=\b[A-Z])\.)?|@\w+)"
_PARTICLE = r"(?:(?:de|da|del|van|von|der|den|bin|al|el|la|le)\s)"
NAME = rf"(?<![\w@’'-]){_CAP}(?:\s{_PARTICLE}{{0,2}}{_CAP}){{0,5}}"
"""A run of capitalised words; whether it names a person or begins a sentence is not said."""

_ROLES = """
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
"""
_ROLE = "(?:" + "|".join(sorted(_ROLES.split(), key=len, reverse=True)) + ")"
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

PRONOUN = re.compile(r"(?<![\w’'-])(?P<pronoun>[Hh]e|[Ss]he|[Tt]hey)\Z")

_SAY = (
    r"say|says|said|saying|(?:tells?|told)(?!\s(?:\w+\s){1,2}to\s|\s(?:the|a)\sstory)"
    r"|thought(?=\s(?:that|it|he|she|they|the|this|of|a)\b)"
    "|argue|argues|argued|arguing|insist|insists|insisted"
    "|maintain that|maintains that|maintained that|contend|contends|contended|assert|asserts"
    "|asserted|believe|believes|believed|think|thinks|deny|denies|denied|warn|warns|warned"
    "|(?:claims?|claimed) to (?:have|be)"
    "|disagree|disagrees|disagreed|complain|complains|complained|stressed|stresses"
    "|accuse|accuses|accused|blame|blames|blamed|reply|replies|replied|reckon|reckons|reckoned"
    "|predict|predicts|predicted|remarked|joked|quipped|put it|puts it|joke|jokes"
    "|speak of|speaks of|spoke of|spoken of|dismisses"
    r"|(?:calls|call (?:it|this|that|the))(?!\s(?:him|her|them|on|upon|for|up|off)\b)"
    "|dismiss|dismissed|rejects? the (?:charge|claim|idea|word|notion|accusation|suggestion)"
    "|rejected the (?:charge|claim|idea|word|notion|accusation|suggestion)"
    "|(?:is|was|were|are) quoted as saying|points? to|pointed to|expects|disputes|disputed"
)
_THAT = (
    "hold|holds|held|declare|declares|declared|announce|announces|announced|report|reports|reported"
    "|note|notes|noted|add|adds|added|adding|admit|admits|admitted|concede|concedes|conceded"
    "|estimate|estimates|estimated|suggest|suggests|suggested|write|writes|wrote|written|claim|claims|claimed"
    "|acknowledge|acknowledges|acknowledged|confirm|confirms|confirmed|fears|hopes"
    "|remember|remembers|remembered|recall|recalls|recalled|conclude|concludes|concluded"
    "|repeat|repeats|repeated|answer|answers|answered|state|states|stated|explain|explains"
    "|explained|expect|expected|doubt|doubts|doubted|object|objects|objected|observe|observes"
    "|observed|allege|alleges|alleged|point out|points out|pointed out|hint|hints|hinted|reason"
    "|reasons|reasoned|testified|testifies|considers"
)
_NUMBER = r"(?:\w+\s){0,3}?\$?\d"
_COUNT = (
    "reports?|reported|acknowledges?|acknowledged|counts?|counted|lists?|listed|names?|gives?|gave"
    "|estimates?|estimated"
)
_THAT_CLAUSE = r"\sthat\b(?!\s(?:was|were|is|are|has|have|had|will|would|could)\b)"
_SOON = (
    rf"(?=(?:\s(?:(?!\b(?:the|an?|its|his|her)\b)[^.;:\"“”]){{0,60}}?)?(?:{_THAT_CLAUSE}|:\s)"
    r"|(?:\s\w+){0,2},?:?\s?[\"“])"
)
_NOUN_LIKE = (
    "answers|claims?|claimed|doubts|fears|hopes|notes|objects|reasons|reports|states|estimates"
    "|considers"
)
VERB = re.compile(
    rf"(?<![\w’'-])(?:(?:has|have|had)\s(?:since\s|long\s|also\s|\w+ly\s)?)?"
    rf"(?:(?P<say>{_SAY})(?![\w’'-])(?!\s(?:nothing|little|no\smore|for\s))"
    rf"|(?P<that>(?!(?:{_NOUN_LIKE})\b(?!{_THAT_CLAUSE}|,?:?\s?[\"“]))(?:{_THAT})(?![\w’'-])){_SOON}"
    rf"|(?P<count>(?:{_COUNT})(?=\s{_NUMBER}))"
    rf"|(?P<aside>(?:{_THAT})(?=[,.]|,?\s*\Z)))"
)
"""A verb of saying: alone, with `that` or a quotation soon after it, before a number, or aside."""

NOUNS = frozenset(
    "answer blame call claim count doubt estimate fear hope joke list name note object reason reply"
    " report state".split()
)
"""Verbs that are nouns as well: only with a subject in the plural are they read as verbs."""

SEVERAL = re.compile(r"\sand\s|[^s’'\s]s\b|\b(?:\w*men|people|police|folk|staff)\b")
"""A name that stands for more than one."""

_TAG = (
    "says?|said|argues?|argued|writes?|wrote|explains?|explained|insists?|insisted|adds?|added"
    "|warns?|warned|notes?|noted|claims|claimed|replied|replies|thinks|believes|recalls|complains"
    "|complained|joked|admits|admitted|asked"
)
INVERTED = re.compile(rf"(?:(?<=[,\"”?!]\s)|(?<=[\"”]))(?:{_TAG})\s+(?=[\w@])")
"""`…, says X`: what follows is the subject."""

ACCORDING = re.compile(
    r"(?<!\w)(?:[Aa]ccording\sto|[Ii]n\sthe\s(?:words|view|opinion|account)\sof"
    r"|For(?=\s(?:him|her)\s(?:the|an?|this|that|it|there)\b))\s+"
)
ADVERB = re.compile(
    r"\s(?:also|both|now|later|then|still|often|repeatedly|once|simply|all|even|first|himself"
    r"|herself|themselves|today|yesterday|since|\w+ly)\Z"
)

_TIME = (
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May|June|July|August"
    r"|September|October|November|December|(?:1[5-9]|20)\d\d|weeks?|months?|years?|days|today|yesterday"
    r"|later|earlier|ago"
)
CLAUSE = re.compile(
    rf"(?:\A|[,;:—–\"“”*•]|\s-|\b(?:and|but|while|whereas|yet|so|{_TIME})"
    rf"|(?:\A|[,;]\s)[Aa]s)\s*\Z"
)
"""What may stand before the subject of a clause that is not subordinate."""

COORDINATE = re.compile(r"\w\W+(?:and|but|yet|so)\s*\Z|;\s*\Z|\b[Ww]hile\b|\b[Ww]hereas\b")
"""A clause before this one that is joined to it and need not be of the same speaker."""

SUBORDINATE = re.compile(
    r"\b(?:that|which|whom|what|when|if|unless|because|after|before|where|although|though|how|why"
    r"|until|whether|than|neither|nor|not)\s*\Z",
    re.IGNORECASE,
)

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
    """.split()
)

_ARTICLES = frozenset(
    "a an another each four her his its many most one other our several some the their these those"
    " three two".split()
)


def inside_sentence(name: str) -> str:
    """A speaker as named in the middle of a sentence: `The army` is `the army` there."""
    first = name.split(maxsplit=1)[0] if name.strip() else ""
    low = first.casefold()
    common = low in _ARTICLES or (low.endswith("s") and low in _ROLES.split())
    return low + name[len(first) :] if common else name


LABEL = re.compile(
    rf"^[ \t]*(?:\*\*|__)?(?P<name>[{_UPPER}][\w.’'-]*(?:[ ][{_UPPER}][\w.’'-]*){{0,3}})"
    r"(?:\*\*|__)?:(?:\*\*|__)?[ \t]",
    re.MULTILINE,
)
"""`NAME: ` at the beginning of a line, the way the turns of an interview are marked."""
