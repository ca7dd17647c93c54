"""The limits that a caller sets on the documents, checked before anything is searched."""

from __future__ import annotations

from rag.config import check_range, check_utf8, date_setting
from rag.errors import BadInput
from rag.types import Filters

__all__ = ["filters_of"]


def filters_of(
    since: str | None,
    until: str | None,
    as_of: str | None,
    source: str | None,
    speaker: str | None,
) -> Filters:
    """What was given to the library, checked as the settings are; a blank text is none.

    Raises `BadInput` for a date, a range or a text that is none.
    """
    named = (("since", since), ("until", until), ("as_of", as_of))
    first, last, published = (
        None if _is_blank(day) else date_setting(day, name) for name, day in named
    )
    check_range(first, last)
    check_range(first, published)
    for what, text in (("source", source), ("speaker", speaker)):
        if not isinstance(text, str | None):
            raise BadInput(f"The {what} must be a text, not {text!r}.")
        check_utf8(text or "", f"The {what}")
    return Filters(
        since=first,
        until=last,
        as_of=published,
        source=None if _is_blank(source) else source,
        speaker=(speaker or "").strip() or None,
    )


def _is_blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())
