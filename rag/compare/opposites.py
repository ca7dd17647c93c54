"""Words that mean the same or the opposite, by their roots: `shut`, `closed`; `rose`, `fell`."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import lru_cache

from rag.compare.likeness import STOP
from rag.compare.quantities import without_days
from rag.text import words

__all__ = ["among", "opposite", "root", "roots", "same", "shared", "unphrased"]

_IRREGULAR = {
    form: line.split()[0]
    for line in """
arise arose arisen|bear bore born|become became|begin began begun|bite bit bitten|blow blew blown
break broke broken|bring brought|build built|burn burnt|buy bought|catch caught|choose chose chosen
come came|deal dealt|draw drew drawn|drink drank drunk|drive drove driven|eat ate eaten
fall fell fallen|feed fed|feel felt|fight fought|find found|flee fled|fly flew flown
forbid forbade forbidden|forget forgot forgotten|freeze froze frozen|get got gotten
give gave given|go went gone|grow grew grown|hang hung|hear heard|hide hid hidden|hold held
keep kept|know knew known|lay laid|lead led|leave left|lend lent|lose lost|make made
mean meant|meet met|pay paid|ride rode ridden|ring rang rung|rise rose risen|run ran|say said
see saw seen|seek sought|sell sold|send sent|shake shook shaken|shoot shot|show shown
shrink shrank shrunk|sing sang sung|sink sank sunk|sleep slept|speak spoke spoken|spend spent
stand stood|steal stole stolen|strike struck|swim swam|take took taken|teach taught|tell told
think thought|throw threw thrown|understand understood|wear wore worn|win won|write wrote written
uphold upheld|overthrow overthrew overthrown|withdraw withdrew withdrawn
man men|woman women|child children|life lives|agree agreed|disagree disagreed|free freed
die dies died dying|lie lies lied lying|tie ties tied tying|owe owes owed owing|use uses used using
expel expelled expelling|compel compelled compelling|repel repelled|cancel cancelled cancelling
control controlled controlling|rebel rebelled|thief thieves|wife wives|knife knives
""".replace("\n", "|").split("|")
    for form in line.split()
}
#: Verbs of two words, as the one that says the same.
_PHRASES = tuple(
    (re.compile(rf"(?i)\b(?:{form})\b"), plain)
    for form, plain in (
        (r"step(?:s|ped)?\sdown", "resigned"),
        (r"(?:goes|went|gone)\sdown", "sank"),
        (r"break(?:s|ing)?\sout|(?:broke|broken)\sout", "began"),
        (r"(?:puts?)\soff", "postponed"),
        (r"call(?:s|ed)?\soff", "cancelled"),
        (r"turn(?:s|ed)?\sdown", "rejected"),
        (r"set(?:s)?\sup", "founded"),
        (r"in\scharge\sof", "led"),
        (r"cave[sd]?\sin", "collapsed"),
        (r"belong(?:s|ed)?\sto", "owned by"),
        (r"(?:comes?|came)\sto\san\send", "ended"),
        (r"(?:goes|went|gone)\sup", "rose"),
        (r"(?:loses?|lost)\s(?:his|her|its|their)\sli(?:fe|ves)", "died"),
        (r"of\s(?:his|her|its|their)\sown\s(?:free\s)?(?:will|accord)", "voluntarily"),
        (r"lift(?:s|ed)?\soff", "launched"),
        (r"put(?:s|ting)?\s(?:his|her|their)\snames?\sto", "signed"),
        (r"pass(?:es|ed)?\saway", "died"),
        (r"(?:ha[ds]|have)\sto\sleave\s(?:his|her|their)\shomes?", "evacuated"),
        (r"(?:give|gave|given)s?\sup", "abandoned"),
        (
            r"(?:dr[io]ven?|drove|push(?:es|ed)?|throwing|threw|thrown|forc(?:es|ed)|chas(?:es|ed)|hounded"
            r"|turfed)\sout|ethnic(?:ally)?\scleans(?:ing|ed)",
            "expelled",
        ),
        (
            r"(?:keeps?|kept|left)\s(?:[\w’'-]+\s){0,3}?in\sthe\sdark\s(?:about|over|on)",
            "unaware of",
        ),
        (r"(?:had|has|have)\sno\s(?:idea|inkling|knowledge)\s(?:of|about)", "unaware of"),
        (r"(?:keeps?|kept)(?=\s(?:[\w’'-]+\s){1,4}out\b)", "barred"),
    )
)
_EMPTY = frozenset(
    """what how many much why whom whose do does did can could should may might must shall we you i
    he's it's him them us me being having s t""".split()
)
_SAME = """
die dead kill death perish fatality fatal toll
sink founder
close shut
resign quit
begin start
end finish conclude
founded establish create start
build construct erect
lead head command captain direct leader commander chief
chair preside chairman chairwoman chairperson
write author
buy purchase acquire
approve adopt pass endorse accept
reject refuse decline
elect vote election
burn fire blaze flame
trap catch
steal rob theft robbery thief
find discover
arrest detain
hurt injure wound injury
attack assault shell bombard
fall drop decline shrink decrease
rise grow increase climb
allow permit let
forbid ban prohibit
appoint name
supply deliver provide
inform tell notify
collapse
crash accident
firm company
people inhabitant resident population person
voluntarily freely voluntary willingly choice choose
design plan
sign conclude
dig excavate excavation
inspect examine check
know aware
foresee predict expect
big large
harm harmful
destroy wreck demolish ruin
invent devise
discover spot
marry wed
release free
open inaugurate
murder assassinate kill
sign initial
"""
_OPPOSITE = """
approve accept adopt pass back endorse | reject refuse veto block oppose
support favour favor back | oppose reject
allow permit let authorise authorize legal lawful legalise | forbid ban prohibit bar outlaw illegal\
 unlawful
survive live alive | die dead kill death perish
open reopen | close shut
safe harmless secure innocuous | unsafe dangerous harmful hazardous risky explosive toxic poisonous
genuine real authentic | fake forge forgery bogus hoax counterfeit
fair clean honest | rig unfair fraudulent fraud dirty farce sham charade travesty
bias partial one-sided | impartial neutral unbiased objective even-handed
true right correct accurate | false wrong untrue incorrect inaccurate lie myth
guilty convict | innocent acquit clear
win victory | lose defeat
succeed success | fail failure collapse
rise grow increase climb raise gain up | fall drop decline shrink decrease lower reduce cut lose\
 down
help benefit boost good useful | harm hurt damage ruin bad useless hinder
strengthen strong | weaken weak
keep stay remain retain | leave quit withdraw abandon
full | empty
present attend | absent
possible | impossible
likely | unlikely
voluntarily voluntary freely willingly choice choose | force compel coerce expel expulsion deport\
 deportation evict eviction
deliberate deliberately intentional | accidental accidentally accident
include | exclude omit
public open | secret
armed | unarmed
profitable | unprofitable
improve better | worsen worse deteriorate
expand | shrink
necessary | unnecessary
start begin | end stop finish
agree | disagree
uphold affirm | overturn quash reverse annul
pay | withhold
peaceful | violent
hot | cold
cause | prevent
confirm | deny
sober | drunk
friend ally | enemy
lasting last hold | collapse fail
"""


#: What turns a word round: `unsafe`, `insolvent`, `mistreated`; `inform` is not of `form`.
_UN = re.compile(
    r"\A(?:(?:un|non-|dis)(?=\w{4})|(?:in|im|il|ir)(?=\w{3,}(?:e?nt|ant|abl|ibl|al|ar|at|id|iv|ect|ur)\Z)"
    r"|mis(?=\w{5}))"
)


@lru_cache(maxsize=1 << 14)
def root(word: str) -> str:
    """A word without its endings: one form for `close`, `closes`, `closed` and `closing`."""
    word = re.sub(r"['’]s?\Z", "", word)
    if word in _IRREGULAR:
        return _bare(_IRREGULAR[word])
    return _bare(word)


def _bare(word: str) -> str:
    if len(word) > 4:
        word = re.sub(r"ie[sd]\Z", "y", word)
        word = re.sub(r"(?<=ss|sh|ch)es\Z|(?<=[xz])es\Z", "", word)
        word = re.sub(r"(?<=[^s])s\Z", "", word)
        bare = re.sub(r"(?<=\w{3})(?:(?<!e)ed|(?<!th)ing)\Z", "", word)
        if bare != word:
            word = re.sub(r"([bdgkmnprt])\1\Z", r"\1", bare)
    return re.sub(r"(?<=\w{2})e\Z", "", word)


_GROUPS = tuple(frozenset(map(root, line.split())) for line in _SAME.strip().splitlines())
_SIDES = tuple(
    (frozenset(map(root, one.split())), frozenset(map(root, other.split())))
    for one, _, other in (line.partition("|") for line in _OPPOSITE.strip().splitlines())
)


def unphrased(text: str) -> str:
    """The text with verbs of two words as one: `resigned` for `stepped down`."""
    for pattern, plain in _PHRASES:
        text = pattern.sub(plain, text)
    return text


@lru_cache(maxsize=1 << 10)
def roots(text: str) -> frozenset[str]:
    """The roots of a text's content words, without numbers and dates."""
    told = words(unphrased(without_days(text)))
    kept = (w for w in told if w not in STOP and w not in _EMPTY)
    return frozenset(root(w) for w in kept if not any(c.isdigit() for c in w))


@lru_cache(maxsize=1 << 12)
def same(one: str, other: str) -> bool:
    """Whether two roots mean the same, or the longer is the shorter one in another form."""
    groups = (*_GROUPS, *(side for sides in _SIDES for side in sides))
    if one == other or any(one in group and other in group for group in groups):
        return True
    short, long = sorted((one, other), key=len)
    return len(short) >= 5 and long.startswith(short) and len(long) - len(short) <= 4


def among(word: str, told: Iterable[str]) -> bool:
    """Whether a root is among others, in any form or in another word for the same."""
    return any(same(word, t) for t in told)


def shared(some: Iterable[str], told: Collection[str]) -> bool:
    """Whether any of some roots is among others."""
    return any(among(word, told) for word in some)


def _undone(plain: str, turned: str) -> bool:
    """Whether a word is another one with `un` before it, or one that means the same: `unaware`."""
    bare = _UN.sub("", turned)
    return bare != turned and (bare == plain or any(plain in g and bare in g for g in _GROUPS))


@lru_cache(maxsize=1 << 12)
def opposite(one: str, other: str) -> bool:
    """Whether two roots mean the opposite of one another."""
    if _undone(one, other) or _undone(other, one):
        return True
    return any((one in a and other in b) or (one in b and other in a) for a, b in _SIDES)
