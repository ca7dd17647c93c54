"""Where a sentence may be cut, so that what is left still says what the sentence said.

A part between commas, dashes or brackets may go only if it opens with a word that adds to the
clause around it (or is a name in brackets), and holds no word that bears on the truth of the rest:
nor where and when ("In Europe, …", "after the war"), for that is what a claim is true of. What goes
on behind it must not belong to it ("after the Godavari, and the Krishna"). The words are
listed; they are English and finite, so that all else stays whole.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from rag.compose.gaps import ADDS, adds, is_sum, only_lead_in, rejoins
from rag.compose.tokens import NEGATIONS, Token, tokens_of
from rag.compose.view import View, view_of
from rag.types import Span

__all__ = ["RELATIVES", "Cited", "Parts", "bears", "parts_of"]

#: What says another thing with a comma before it: `the men, who fled, were shot` means all of them,
#: and `he did not leave, because he was ill` that he stayed.
RELATIVES = frozenset("who whom whose which where because".split())
_NEEDS_MORE = frozenset("and or but of to by with in on at from for as that than a an the".split())
#: What besides may open a part that a sentence can end without. Not a noun or a name: with any
#: verb of saying behind it ("…, Baku quipped") it would take the speaker away.
_TRAILS = frozenset({"while"})
#: Words in -ing that are no participles, or that say when or but for what the clause is true: what
#: they open stays.
_NO_PARTICIPLES = frozenset(
    # Prepositions and conjunctions.
    "during according including concerning regarding following excluding excepting barring pending"
    " failing notwithstanding considering respecting touching granting saving sparing assuming"
    " supposing providing presuming depending lacking wanting judging speaking seeing counting"
    # When and how long.
    " morning evening spring beginning starting commencing ending lasting dating running"
    " continuing remaining"
    # What is not counted, where it comes from and how it was found.
    " leaving ignoring omitting disregarding neglecting overlooking forgetting skipping dropping"
    " discounting deducting subtracting adjusting correcting accounting controlling allowing"
    " stripping factoring netting going"
    # For whom or how far a rule does not hold.
    " exempting excusing waiving limiting restricting confining capping permitting letting applying"
    " weighing weighting averaging rounding measuring comparing using taking basing citing"
    " referring relying invoking echoing putting setting acting posing appearing seeming sounding"
    # Nouns and pronouns.
    " nothing something anything everything ceiling building wedding housing funding uprising"
    " offspring string lightning".split()
)
#: A bracket behind one of these, or behind what is counted with a number, may say of which of them
#: or of how many the clause is true.
_QUANTITIES = frozenset(
    "% per cent percentage half third quarter majority minority most all both some many few several"
    " each every any none number numbers share part parts portion proportion rate total average sum"
    " people men women children soldiers troops civilians voters votes members seats residents"
    " adults citizens households families respondents deaths cases dozens hundreds thousands"
    " millions billions".split()
)
#: What besides opens a bracket that only adds. Any other may take the clause back: `(cancelled)`.
_BESIDE = ADDS | {"the", "like"}
#: Words inside a name: `(Republic of Artsakh)`.
_IN_NAMES = frozenset("of the de la du van von al el".split())
#: A bracket with one of these says in what way or for how long the clause is true.
_QUALIFIES = re.compile(
    r"acting|interim|provisional\w*|temporar\w+|cancel\w*|postpon\w*|suspend\w*|nominal\w*"
    r"|(?:un)?official\w*|formal\w*|technical\w*|self|rest|remaining|exceptions?"
    r"|ret(?:d|ired)?|former|late|elect|designate|emeritus|deceased|net|gross|est|preliminary"
    r"|unconfirmed|partial|m[ae]n|wom[ae]n|boys|girls|juniors?|seniors?|mixed"
    r"|north\w*|south\w*|east\w*|west\w*"
)
#: What opens a bracket that narrows what stands before it, or tells its scale.
_NARROWS = frozenset(
    "of in for among amongst not except excluding excepting outside inside within without under"
    " over above below between aged from at on by with during per plus minus less more"
    " hundred hundreds thousand thousands million millions billion billions trillion dozen dozens"
    " m mn bn".split()
)
#: What goes on with what stands before it.
_COORDINATES = frozenset("and or nor but as plus".split())
#: What bears on the truth of what stands around it; a part that holds such a word has to stay.
_BEARS = re.compile(
    # Conditions, exceptions, comparisons, modality.
    r"if|unless|whether|provided|except\w*|excluding|barring|pending|failing|depend\w*|only|until|till"
    r"|but|although|though|unlike|than"
    r"|may|might|could|would|should|must|can|perhaps|maybe|possibly|probably|likely|unlikely"
    r"|presumably|apparently|seemingly|ostensibly|almost|nearly|so-called"
    r"|(?:reported|alleged|supposed|purported)(?:ly)?"
    # Frames: what is true in them need not be true.
    r"|theory|paper|name|view\w*|opinions?|eyes|words?|terms|versions?|accounts?|narratives?"
    r"|perspectives?|standpoint|scenarios?|hypothe\w+|dream\w*|fiction\w*|novels?|films?|movies?"
    r"|stor(?:y|ies)|tales?|simulat\w+|drafts?|games?|exercises?|legends?|beliefs?|propaganda"
    r"|rumou?rs?|hoax\w*|myths?|fake\w*|false\w*|lies?|lied|lying|jokes?|joking|joked"
    # Saying, thinking, wanting, doubting.
    r"|sa(?:y|id|ys|ying)|t(?:ell|old|ells|elling)|wr(?:ite|ote|ites|itten|iting)|th(?:ink|inks"
    r"|ought|inking)|know|knew|knows|known|hear|heard|hears|feels?|felt|sees?|saw|seen|means?|meant"
    r"|swore|sworn|understood|admi(?:t\w*|ssions?)"
    r"|(?:accord|accus|acknowledg|agree|alleg|announc|argu|ask|assert|assum|believ|boast|call"
    r"|caution|claim|comment|complain|conced|conclud|confirm|consider|contend|declar|declin|deem"
    r"|demand|den[iy]|doubt|estimat|expect|explain|fail|fear|guess|hint|hop|imagin|impl[iy]|insist"
    r"|intend|judg|maintain|not|object|observ|plan|pledg|post|predict|pretend|promis|propos|protest"
    r"|quip|quot|reckon|refus|reject|remark|repl[iy]|report|respond|show|signal|speculat|stat"
    r"|stress|suggest|suppos|suspect|testif[iy]|threaten|tweet|understand|urg|vow|want|warn|wish)"
    r"[npt]?(?:e|es|ed|ing|s|d|al|als|ation|ations|edly|ingly|ful)?"
    r"|add(?:s|ed|ing)"
)
#: A sentence with one of these stays whole; so does one in another script.
_WHOLE = re.compile(
    r"[?\"\u0250-\u1dff\u1f00-\u1fff\u2c00-\ud7ff]|(?<!\w)'(?=\w)|\b(?:respectively|vice versa)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Cited:
    """A cited sentence as it stands in its document; `language` is that of the document.

    `answer` is what of the text no claim may leave out, as offsets into it; `before` is the
    sentence that it may refer back to, as it stands before it in the document.
    """

    text: str
    language: str = "en"
    answer: Span | None = None
    before: str | None = None


@dataclass(frozen=True, slots=True)
class Parts:
    """A cited sentence cut where a claim may begin, break off or go on.

    `bounds` are the token numbers at which its parts begin, in order, the first 0 and the last the
    number of tokens. Part `i` may be missing at the start of a claim where `leads[i]`, between
    others where `added[i]`, at the end where `loose[i]`. It may stand right behind what is missing
    where `resumes[i]`, or where all of that was `bracketed`.
    """

    tokens: tuple[Token, ...]
    bounds: tuple[int, ...]
    leads: tuple[bool, ...]
    added: tuple[bool, ...]
    loose: tuple[bool, ...]
    bracketed: tuple[bool, ...]
    resumes: tuple[bool, ...]

    def goes_on(self, part: int) -> list[int]:
        """The parts that may follow a part; the number of parts stands for the end."""
        last = len(self.loose)
        found = [part + 1]
        for after in range(part + 2, last + 1):
            ends = after == last and all(self.loose[part + 1 :]) and not self._dangles(part)
            missing = slice(part + 1, after)
            if ends or (after < last and all(self.added[missing]) and self._joins(missing, after)):
                found.append(after)
        return found

    @property
    def pieces(self) -> list[tuple[Token, ...]]:
        """The tokens of each part."""
        return [self.tokens[first:end] for first, end in pairwise(self.bounds)]

    def _joins(self, missing: slice, after: int) -> bool:
        if all(self.bracketed[missing]):
            return True
        bare = [b or le for b, le in zip(self.bracketed, self.leads, strict=True)]
        return self.resumes[after] and rejoins(self.pieces, missing, after, self.loose, bare)

    def _dangles(self, part: int) -> bool:
        """Whether a part ends with a word that needs another behind it."""
        return self.tokens[self.bounds[part + 1] - 1].norm in _NEEDS_MORE

    def begins(self) -> list[int]:
        """The parts with which a claim may begin."""
        return [
            i for i in range(len(self.loose)) if all(self.leads[:i]) and (i == 0 or self.resumes[i])
        ]


def parts_of(cited: Cited) -> Parts:
    """Cuts a sentence where it may be cut.

    One in another language than English, a question, and one with quotation marks in it stay
    whole: there the rules do not know what bears on what.
    """
    seen = view_of(cited.text)
    view = seen.text
    tokens = tuple(tokens_of(view))
    starts = [0, *(i for i, t in enumerate(tokens) if i and t.opens and not _enclosed(view, t))]
    if cited.language != "en" or _WHOLE.search(view):
        starts = [0]
    starts = _with_their_brackets(tokens, starts, cited, seen)
    bounds = (*starts, len(tokens))
    parts = [tokens[first:end] for first, end in pairwise(bounds)]
    free = [not any(bears(t) or _answers(t, cited, seen) for t in part) for part in parts]
    before = [tokens[:first] for first in starts]
    bracketed = [_bracketed(part, b, view) for part, b in zip(parts, before, strict=True)]
    every = range(len(parts))
    added = [free[i] and (bracketed[i] or adds(parts, i, view)) for i in every]
    bracketed = [b or (added[i] and _in_brackets(parts[i], view)) for i, b in enumerate(bracketed)]
    trails = [free[i] and _trails(parts[i], before[i], view) for i in every]
    leads = [free[i] and only_lead_in(tokens, bounds[i], bounds[i + 1]) for i in every]
    loose = tuple(a or t for a, t in zip(added, trails, strict=True))
    resumes = tuple(_resumes(parts, i) for i in every)
    return Parts(tokens, bounds, tuple(leads), tuple(added), loose, tuple(bracketed), resumes)


def _with_their_brackets(
    tokens: Sequence[Token], starts: Sequence[int], cited: Cited, seen: View
) -> list[int]:
    """The starts without those of brackets that have to stay with what they stand behind."""
    parts = [tokens[first:end] for first, end in pairwise((*starts, len(tokens)))]
    kept = [0]
    for n, part in enumerate(parts[1:], start=1):
        before = tokens[: starts[n]]
        free = not any(bears(t) or _answers(t, cited, seen) for t in part)
        goes = _bracketed(part, before, seen.text) or adds(parts, n, seen.text)
        goes = goes or _trails(part, before, seen.text)
        if not _in_brackets(part, seen.text) or (free and goes):
            kept.append(starts[n])
    return kept


def _in_brackets(part: Sequence[Token], view: str) -> bool:
    return bool(part) and view[: part[0].start].rstrip().endswith("(")


def _enclosed(view: str, token: Token) -> bool:
    """Whether a word stands in brackets, behind another: what is in brackets stays together."""
    opened = view.rfind("(", 0, token.start)
    before = view[opened + 1 : token.start]
    return opened >= 0 and ")" not in before and before.strip() != ""


def _resumes(parts: Sequence[Sequence[Token]], at: int) -> bool:
    """Whether a part may stand behind a gap: it is surely not half of what was left out there.

    It could be the rest of a list, or say whose word the missing part was.
    """
    part, last = parts[at], at == len(parts) - 1
    listed = any(t.norm in ("and", "or", "nor") for t in part) and (not last or len(part) <= 6)
    framed = any(bears(t) for t in part) and (not last or len(part) <= 4)
    goes_on = any(p and p[0].norm in ("and", "or", "nor") for p in parts[at + 1 :])
    return bool(part) and part[0].norm not in _COORDINATES and not (listed or framed or goes_on)


def _answers(token: Token, cited: Cited, view: View) -> bool:
    """Whether a word is one of those that the claim has to keep."""
    return cited.answer is not None and view.span(token.start, token.end).overlaps(cited.answer)


def bears(token: Token) -> bool:
    """Whether a word bears on the truth of what stands around it."""
    if token.kind in ("date", "number"):
        return False
    # A possessive frames what follows: "in Baku's eyes".
    owned = token.kind == "name" and token.norm.endswith(("'s", "s'"))
    negates = token.kind == "negation" or token.norm in NEGATIONS
    return owned or negates or _BEARS.fullmatch(token.norm) is not None


def _dated(part: Sequence[Token]) -> bool:
    return any(t.kind == "date" or (t.norm.isdigit() and len(t.norm) == 4) for t in part)


def _bracketed(part: Sequence[Token], before: Sequence[Token], view: str) -> bool:
    """Whether a part is in brackets and only adds: it is no date, and narrows no quantity."""
    if not _in_brackets(part, view):
        return False
    named = all(t.kind == "name" or t.norm in _IN_NAMES for t in part)
    if not (named or part[0].norm in _BESIDE) or any(_QUALIFIES.fullmatch(t.norm) for t in part):
        return False
    if is_sum(part, before) or _tells_apart(part, before):
        return False
    counted = any(t.kind == "number" for t in before[-2:])
    counted = counted or (bool(before) and before[-1].norm in _QUANTITIES)
    return not (counted or part[0].norm in _NARROWS or _dated(part))


def _tells_apart(part: Sequence[Token], before: Sequence[Token]) -> bool:
    """Whether a bracket behind a name says which of that name: `Paris (Texas)`, not its acronym."""
    named = len(before) == 1 or (bool(before) and before[-1].kind == "name")
    if not named or part[0].norm in ADDS:
        return False
    names = "".join(t.norm[0] for t in before if t.kind == "name" or t is before[0])
    return not (len(part) == 1 and part[0].capitals and names.endswith(part[0].norm))


def _trails(part: Sequence[Token], before: Sequence[Token], view: str) -> bool:
    """Whether a sentence may end before a part, though it could not go on without it.

    One word is a noun (`hunting, fishing`), and so is what stands in the list behind a colon.
    """
    if len(part) < 2 or (before and ":" in view[: part[0].start]):
        return False
    head = part[0]
    ending = head.kind == "word" and len(head.norm) > 5 and head.norm.endswith("ing")
    return head.norm in _TRAILS or (ending and head.norm not in _NO_PARTICIPLES)
