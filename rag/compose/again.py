"""The time that a follow-up means which asks the question before it again.

"What was known in March 2022?", "And in April?": what was known in April 2022. "And in Lund?" keeps
the time of the question that it repeats.
"""

from __future__ import annotations

import re
from datetime import date

from rag.asking.question import Question, names_in
from rag.compose.scope import wish_of
from rag.dates.when import moments

__all__ = ["timed"]

_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
)
#: A time by itself: `No, I meant 2016`, `And in April?`; but not the one of `not 2016, 2017`.
_BARE = re.compile(
    rf"(?<!\w)(?<!not\s)(?:(?:\d{{1,2}}\s)?{_MONTH}(?:\s\d{{1,2}})?(?:,?\s(?P<year>\d{{4}}))?"
    r"|[12]\d{3})(?!\w)"
)


def timed(question: Question, today: date) -> str:
    """The question to read the time from: its own words, or those of the one that it repeats."""
    text, form = (" ".join(asked.split()) for asked in (question.text, question.form))
    if form in ("", text):
        return text
    before = moments(form, written=today.isoformat())
    own = moments(text, written=today.isoformat())
    bare = [m for m in _BARE.finditer(text) if m[0] not in names_in(text)]
    if not own and not bare:
        return form
    if len(before) != 1 or len(own) > 1 or (own and wish_of(form, today) is None):
        return text
    old, said = before[0], own[0].span.of(text) if own else bare[-1][0]
    yearless = own[0].supposed if own else not (bare[-1]["year"] or said.isdigit())
    year = f" {old.first[:4]}" if yearless and not old.supposed else ""
    return f"{form[: old.span.start]}{said}{year}{form[old.span.end :]}"
