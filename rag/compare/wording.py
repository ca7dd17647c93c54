"""Where a sentence says that the word of another is the wrong one: `Choice is no word for it`."""

from __future__ import annotations

import re

from rag.compare.opposites import roots, shared

__all__ = ["word_refused"]

_WORD = r"(?:word|term|name|label|expression|description)"
_NOT = r"(?:(?:do|does|did|will|would|need)(?:\snot|n['’]t)|never|nowhere)"
#: `Choice is the wrong word`; `Stolen, they say, is not the word`.
_WRONG = re.compile(
    r"(?i)\b(?P<named>[\w-]+)[”\"’]?(?:,[^,.;]{2,30},)?\s(?:is|was|are|were)\s(?:(?:hardly|not)\s(?:quite\s)?"
    rf"the\s(?:right\s)?{_WORD}|the\swrong\s{_WORD}|too\s(?:strong|weak|mild|big|small|grand|kind|harsh)"
    rf"\sa\s{_WORD}|a\smisnomer|no\s{_WORD}\sfor)\b"
)
#: `The army will not hear the word`; `Norway rejects the word siege`.
_REFUSED = re.compile(
    rf"(?i)\b(?:{_NOT}\s(?:say|use|hear|accept|like|speak|mention|contain)s?|refuse[sd]?\sto\s(?:use|hear|accept)"
    r"|(?:reject|dispute|contest|avoid|resent|dislike)(?:s|e?d)?)\s(?:of\s)?(?:the|this|that)\s"
    rf"{_WORD}\b(?:\s[“\"‘]?(?P<named>[\w-]+))?"
)
#: `The text does not say corridor anywhere`.
_UNWRITTEN = re.compile(
    r"(?i)\b(?:text|law|bill|act|treaty|agreement|statement|document|contract|deal|protocol|resolution"
    r"|ruling|constitution|clause|article|charter|accord|declaration)\b[^.,;:]{0,40}?\s"
    rf"{_NOT}\s(?:(?:even|once)\s)?(?:say|use|mention|contain|speak\sof)s?\s[“\"‘]?(?:(?:an?|the|any)\s)?(?P<named>[\w-]+)"
)


def word_refused(text: str, said: str) -> bool:
    """Whether a sentence refuses a word that another one says.

    `The word`, without saying which, is the one that was said.
    """
    told = roots(said)
    for pattern in (_WRONG, _REFUSED, _UNWRITTEN):
        for found in pattern.finditer(text):
            named = roots(found["named"] or "")
            if shared(named, told):
                return True
            if pattern is _REFUSED and not named:
                return True
    return False
