"""Who may speak: names, roles and offices as patterns, and which names are of one speaker."""

from __future__ import annotations

import re
import unicodedata

__all__ = [
    "BODIES",
    "BODY_NAMES",
    "JOINT",
    "LABEL",
    "NAME",
    "NAMED",
    "NOBODY",
    "NOT_A_PERSON",
    "NO_SUBJECT",
    "NO_TURN",
    "OPENERS",
    "PHRASE_WORD",
    "PLACED",
    "PRONOUN",
    "ROLE",
    "ROLES",
    "SEVERAL",
    "may_be_name",
    "plain_name",
    "same_speaker",
]

_UPPER = "A-ZÀ-ÖØ-ÞĀČĆĐĎĒĔĖĘĚĞĪİŁŃŇŌŐŘŚŞŠŤŪŮŰŹŻŽƏ"
_TITLED = (
    r"(?:Mr|Mrs|Ms|Mx|Dr|Prof|Gen|Col|Lt|Maj|Capt|Sgt|Cmdr|Adm|Sen|Rep|Gov|Rev|Hon|Fr|Amb|Messrs)"
    r"\.(?=\s[A-Z])|[JS]r\.(?=,?\s[a-z(]|\Z)"
)
_CAP = rf"(?:{_TITLED}|(?:[A-Z]\.){{2,}}|[{_UPPER}][\w’'-]*(?:(?<=\b[A-Z])\.)?|@\w+)"
_PARTICLE = r"(?:(?:de|da|del|van|von|der|den|bin|al|el|la|le)\s)"
NAME = rf"(?<![\w@’'-])(?<!\w–){_CAP}(?:\s{_PARTICLE}{{0,2}}{_CAP}){{0,5}}"
"""A run of capitalised words; whether it names a person or begins a sentence is not said."""

ROLES = """
academic academics activist activists administration adviser advisers agency aide aides alliance
allies ally ambassador ambassadors analyst analysts anthropologists archaeologist archaeologists
archbishop archbishops army astronomer astronomers auditor auditors author authorities authors
banker bankers biologist biologists bishop bishops bloc board brokers brother builders bureau
cabinet campaigner campaigners captain chairman chairwoman chancellor charity chief chiefs coach
colleague colleagues colonel commander commanders commission commissioner committee commuter
commuters company conservatives consultant contractors coroner correspondent correspondents
council councillor councillors court creditors critic critics customer customers daughter
delegation democrats demographers department deputies deputy detective detectives developers
diplomat diplomats director directors doctor doctors driver ecologist ecologists economist
economists editor editors electrician embassy employee employees engineer engineers envoy envoys
executive executives expert experts exporters eyewitness eyewitnesses families farmer farmers
father federation fighter fighters firefighter firefighters firm fisherman fishermen forces friend
friends general generals geologist geologists government governments governor greens group groups
guard guards historian historians hospital husband imam importers inmates inquiry inspector
inspectors institute insurer insurers insurgents investigator investigators investors journalist
journalists judge judges jurist jurists king landlord lawmaker lawmakers lawyer lawyers leader
leaders leadership letter liberals locals loyalists magistrate maker makers manager managers
manufacturer manufacturers mayor mechanic mediator mediators memo meteorologist meteorologists
midwife migrants militants militia minister ministers ministry monitor monitors mother mourners
nationalists neighbor neighbors neighbour neighbours newspaper nurse nurses observer observers
office officer officers official officials ombudsman operator operators opponent opponents
opposition organisation organisations organization organizations owner owners paramedic paramedics
parents parliament party passengers patients pensioner philosophers physician physicist physicists
pilot poet police politician politicians pollsters pope president presidents priest prisoners
professor professors prosecution prosecutor prosecutors protester protesters psychologist queen
rabbi rebels refugee refugees regulator regulators relative relatives report reporter reporters
reports republicans rescuers researcher researchers resident residents retailers sailor sailors
scholar scholars scientist scientists secretary secretary-general senator senators separatists
shareholders shepherd shepherds shopkeeper shopper shoppers side sister socialists sociologists
soldier soldiers son source sources spokesman spokesmen spokesperson spokeswoman staff statement
statisticians student students study suppliers supporter supporters surgeon survey survivor
survivors teacher teachers team teenager tenants think-tank tourist tourists toxicologists trader
traders treasurer tribunal union university utility veteran veterans veterinarian villager
villagers virologists visitor visitors volunteer volunteers voter voters watchdog website widow
wife witness witnesses worker workers writer writers
""".split()
"""Whom something is said by without a name: offices, trades, bodies."""

_ROLE = "(?:" + "|".join(sorted(ROLES, key=len, reverse=True)) + ")"
_NOT_INSIDE = (
    r"of\s(?:the|their|his|her|its|our|my|your|an?)|that|who|which|whom|whose|is|are|was|were|be|been|has|have|had|will|would|could|may|did|does"
    "|do|to|by|with|in|at|on|from|than|and|or|but|when|if|as|because|after|before|not|no|never"
    "|says?|said|told|asked|met|saw|called|sent|gave|made|took|the|an?"
)
_LOOSE = (
    r"(?!(?:and\s(?:my|your|our|his|her|its|their)|that|who|which|is|are|was|were|has|have|had|will"
    r"|would|if|when|said|what|where|how)\b)"
    r"[\w’'-]+"
)
PHRASE_WORD = rf"(?!\d)(?!(?:{_NOT_INSIDE})\b)[\w’'-]+"
"""A word inside the phrase that names a role, no verb and no preposition."""

_DETERMINER = (
    r"(?:the|an?|some|many|several|one|two|three|most|other|his|her|its|their|my|our|both)"
)
_ROLE_PHRASE = (
    rf"(?<![\w’'-])(?!(?i:of|for|no|in|at|near|from|with|like|under|among)\b)(?:(?i:{_DETERMINER})\s)?"
    rf"(?:{PHRASE_WORD}\s){{0,5}}"
    rf"(?i:{_ROLE})\b(?![’'-]\w)"
)
_OFFICE = (
    rf"(?<![\w’'-])(?:(?:[Tt]he|[Aa]n?|[Hh]is|[Hh]er|[Ii]ts|[Tt]heir)\s)?(?:{PHRASE_WORD}\s){{0,5}}"
    rf"(?:{_ROLE}|of\sstaff)"
)
_BY = "|".join(rf"(?<={word})" for word in "report study survey letter statement memo".split())
_TO = "|".join(rf"(?<={word})" for word in "aides aide adviser advisers Aides Advisers".split())
_PLACE = (
    rf"(?:(?:\s(?:of|in|at|from|for|near|on|close\sto)|(?:{_BY})\sby|(?:{_TO})\sto)"
    rf"\s{_LOOSE}(?:\s{_LOOSE}){{0,7}})"
)
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
    mon monday tuesday wednesday thursday friday saturday sunday january february march april
    may june july august september october november december first second third earlier recently
    nevertheless nonetheless moreover furthermore thus hence therefore consequently likewise
    besides finally now soon again afterwards elsewhere overall
    """.split()
)
"""Words that may open a clause in front of a name and are capitalised only for that."""

NO_SUBJECT = frozenset(
    """i we you my your our his her its their it this that these those they he she who what which
    when where why how if after before although though unless until since because did does do
    has have had is are was were will would could should may might can neither nor no none not
    nobody nothing everyone everybody someone somebody anyone one some many most others other
    few all both each either another there an any every several such like unlike upon under
    within without despite during among amid against per via beyond above below near behind
    between towards toward till thanks title according whose whatever whoever here people thus
    hence therefore similarly also instead indeed perhaps maybe in on at to for from with by of
    let please never even just critics reports data figures numbers statistics rumour rumours
    rumor rumors gossip folklore lore word common sense opinion evidence history experience
    research legend tradition logic nature time english armenian azerbaijani russian turkish
    soviet american british french german iranian georgian ukrainian european western israeli
    chinese japanese abkhaz ossetian greek syrian polish italian spanish dutch indian pakistani
    kurdish arab official early later new old recent media
    """.split()
)
"""Words that no name begins with, or that are no name when they stand alone."""

NOBODY = frozenset(
    "Act Article Chapter Directive Edition Figure Law Model Page Part Principle Section Season"
    " Table Theorem Theory Treaty Volume".split()
)
"""Last words of what is named, says something, and is nobody."""

BODY_NAMES = frozenset(
    """Academy Agency Army Association Authority Bank Board Bureau Center Centre Chamber Church City
    Coalition College Commission Committee Confederation Congress Council Court Department
    Directorate Division Embassy Federation Foundation Fund House Institute Institution Kingdom
    League Ministry Museum Office Organisation Organization Parliament Party Republic Secretariat
    Senate Service Society State States Union University""".split()
)
"""Last words of a body's name that goes on behind `of`: `the Bank of England`."""

NOT_A_PERSON = frozenset(
    """Agency Agreement Airport Army Association Avenue Bank Book Business Capitol Center Centre
    Charter Church City Club College Commission Committee Company Conference Congress
    Corporation Corridor Council Country County Court Cross Daily Day Department District East
    Eastern Federation Forces Foreign Forum Foundation Front Fund Gazette Group High Highland
    Hill Hospital House Institute International Island Islands Journal Kingdom Lake Law League
    Ledger Loch Magazine Market Media Ministry Mission Mount Mountain Museum Nation Nations
    National New News North Northern Notebook Office Organisation Organization Pact Palace
    Parliament Party Peace Plan Police Policy Port Post Press Principles Process Protocol
    Protocols Radio Railway Red Region Report Republic Revolution Rights River Road Saudi School
    Sea Security Senate Service Society South Southern Soviet Square State States Statesman
    Street Sun Television Times Treaty Tribune Union United University Valley Village War Watch
    Weekly West Western Wire World Hong Kong Sri Costa Los San Las Tel Cape Minister Prime
    Speaker Observer Star Review Defence Defense Human Province Oblast Prefecture Governorate
    Territory Territories Greater Upper Lower Central Inner Motors Inc Corp Ltd Plc Holdings
    Airlines Airways Systems Industries Energy Oil Crude Prize Award Awards Cup Games Olympics
    Operation Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March
    July September October November December Christmas Easter Nagorno Buenos Addis Kuala Notre
    Saint Mont Monte Fort Great Grand Big Deutsche British Bosnia Papua Crescent Bay Beach Coast
    Ocean Gulf Strait Peninsula Canal Bridge Dam Tower Cathedral Mosque Theatre Theater Gallery
    Library Stadium Act Census Motorway Telekom Telecom Software Studios Records Partners Africa
    America Arabia Emirates Guinea Lanka Rica Zealand Burkina Puerto Sierra
    """.split()
)

BODIES = frozenset(
    """administration agency alliance army bloc board bureau cabinet charity commission committee
    company council court delegation department embassy federation firm government group
    hospital inquiry institute leadership letter memo militia ministry newspaper office
    opposition organisation organization parliament party police prosecution report side source
    staff statement study survey team think-tank tribunal union university utility watchdog
    website
    """.split()
)
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
    r"^[ \t]*(?:\[?(?:\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4},?[ ])?\d{1,2}[:.]\d{2}(?:[:.]\d{2})?"
    r"(?:[ ]?[AaPp][Mm])?\]?[ \t]*(?:[-–—][ \t]*)?)?"
    rf"(?:\*\*|__)?(?P<name>[{_UPPER}][\w.’'-]*(?:[ ][{_UPPER}][\w.’'-]*){{0,3}})"
    r"(?:\*\*|__)?:(?:\*\*|__)?[ \t]",
    re.MULTILINE,
)
"""`NAME: ` at the beginning of a line, the way the turns of an interview or a chat are marked."""

_TITLES = frozenset("mr mrs ms miss mx dr sir dame lord lady prof the a an".split())
_MALE, _FEMALE = frozenset("mr sir lord".split()), frozenset("mrs ms miss dame lady".split())
_NO_ACCENT = str.maketrans("ıłŁøØđĐəƏ", "ilLoOdDaA")
_COMBINING = re.compile("[\u0300-\u036f]")
_JOINING = frozenset("and & in of at from for near on".split())
_ANOTHER = frozenset("another other second third deputy vice former junior senior".split())


def may_be_name(word: str, text: str, start: int = 0) -> bool:
    """Whether a word that begins a sentence may be a name: the text has it in no small letters."""
    low = word.casefold()
    if low in NO_SUBJECT or low in OPENERS or low.endswith("ly") or low in _TITLES:
        return False
    return re.compile(rf"\b{re.escape(word.lower())}\b").search(text, start) is None


def plain_name(name: str) -> str:
    """A name as one without its accents on the keyboard types it: `Orban`, `Erdogan`."""
    parts = unicodedata.normalize("NFKD", name.translate(_NO_ACCENT))
    return _COMBINING.sub("", parts)


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
    if {*a, *b} & _MALE and {*a, *b} & _FEMALE:
        return False
    x, y = set(a) - left_out, set(b) - left_out
    if office and not _ANOTHER.isdisjoint(x ^ y):
        return False
    return x <= y or y <= x
