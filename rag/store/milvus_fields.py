"""The collections of one store on Milvus: per collection its key and its other fields.

Milvus wants a vector in each besides. The client adds it: `unused` where nothing is to be searched.
"""

from __future__ import annotations

__all__ = ["FIELDS", "INT", "LONGEST", "TEXT"]

INT, TEXT = "INT64", "VARCHAR"
LONGEST = 65_535  # bytes of a VARCHAR
FIELDS: dict[str, dict[str, str]] = {
    "meta": {"key": TEXT, "value": TEXT},
    "terms": {"term": TEXT, "passages": INT},
    "documents": {
        "key": INT, "content": INT, "source": TEXT, "path": TEXT, "name": TEXT, "info": TEXT,
        "pieces": INT, "born": INT, "died": INT, "epoch": INT, "whole": INT,
        "first_day": INT, "last_day": INT,
    },
    "pieces": {"key": TEXT, "document": INT, "text": TEXT},
    "passages": {
        "row": INT, "id": TEXT, "document": INT, "start": INT, "end": INT,
        "paragraph": INT, "line": INT, "page": INT, "sentences": INT, "length": INT,
        "born": INT, "epoch": INT, "first_day": INT, "last_day": INT,
        "source": TEXT, "path": TEXT, "name": TEXT,
    },
}  # fmt: skip
