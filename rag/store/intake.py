"""What becomes of each file of an update: it is moved, read (again), skipped or forgotten."""

from __future__ import annotations

from rag.errors import NoText, UnreadableFile
from rag.ingest.ahead import Reading
from rag.ingest.walk import FoundFile
from rag.store.database import Database
from rag.store.moves import find_moved, is_gone
from rag.store.paths import Names
from rag.store.schema import seal
from rag.store.scope import storable
from rag.store.unread import note
from rag.store.writing import Writer

__all__ = ["Intake"]

_TAKEN = "its name stands for another file"
#: A time that no file has: what is so marked is read again, even if its size and time come back.
_READ_AGAIN = "UPDATE files SET mtime_ns = -1, seal = seal(path, size, -1, sha256) WHERE"


class Intake:
    """Takes files in one by one and counts what it did; `touched` once a document has changed."""

    def __init__(self, database: Database, names: Names, writer: Writer) -> None:
        self.counts = dict.fromkeys(("added", "changed", "moved", "removed", "unchanged"), 0)
        self.touched = False
        self._database = database
        self._execute = database.connection.execute
        self._names = names
        self._writer = writer
        self._freed: set[str] = set()

    def call_back(self) -> None:
        """Has files read again of which a record was left out for a name that is free by now."""
        left_out = "SELECT source, path FROM skipped WHERE reason = ?"
        for source, key in list(self._database.rows(left_out, (_TAKEN,))):
            holder = self._holder(source)
            if holder is None or is_gone(self._database, self._names, holder[1]):
                self._freed.add(key)
                self.read_again(key)

    def read_again(self, key: str) -> None:
        """Has a file read again although its size and time are as they were."""
        self._execute(f"{_READ_AGAIN} path = ?", (key,))

    def take(self, file: FoundFile, reading: Reading) -> None:
        """One file that is new or has another size or time: moved, or read (again)."""
        key = self._names.key(file.path)
        known = self._database.one(
            "SELECT id, size, mtime_ns, sha256 FROM files WHERE path = ?", (key,)
        )
        self._execute("DELETE FROM skipped WHERE path = ?", (key,))
        try:
            if known is None and self._moved(key, file):
                return
            self._read(key, file, known, reading)
        except NoText as error:
            if known:
                self.remove(known[0])
            self.skip(key, key, error.message)
            note(self._database, key, file, textless=True)
        except UnreadableFile as error:
            if known:
                self._execute(f"{_READ_AGAIN} id = ?", (known[0],))
            kept = " (the earlier version is kept)" if known else ""
            self.skip(key, key, error.message + kept)
            note(self._database, key, file)

    def remove(self, number: int) -> None:
        """Forgets a file that is gone, and what was left out of it."""
        self._execute(
            "DELETE FROM skipped WHERE path = (SELECT path FROM files WHERE id = ?)"
            " AND source <> path",
            (number,),
        )
        self._writer.drop(number)
        self.counts["removed"] += 1
        self.touched = True

    def skip(self, source: str, path: str, reason: str) -> None:
        """Lists what is not in the index as it stands on disk; `path` is the key of its file."""
        values = (source.encode(errors="replace").decode(), path, reason)
        insert = "INSERT OR REPLACE INTO skipped VALUES (?, ?, ?, ?)"
        self._execute(insert, (*values, seal(*values)))

    def _read(
        self, key: str, file: FoundFile, known: tuple[object, ...] | None, reading: Reading
    ) -> None:
        result = reading()
        for source, reason in result.skipped:
            self.skip(source, key, reason)
        if known and known[3] == result.documents[0].sha256 and key not in self._freed:
            # The size as well: a file that grew between the walk and its reading has another one.
            self._execute(
                "UPDATE files SET size = ?1, mtime_ns = ?2, seal = seal(path, ?1, ?2, sha256)"
                " WHERE id = ?3",
                (file.size, file.mtime_ns, known[0]),
            )
            self.counts["unchanged"] += 1
            return
        replaced = int(str(known[0])) if known else None
        documents = []
        for document in result.documents:
            why = self._unfit(document.source, document.text, replaced)
            if why is None:
                documents.append(document)
            elif document.source == key:
                raise UnreadableFile(why)
            else:
                self.skip(document.source, key, why)
        if not documents:
            raise UnreadableFile("no record in it can be kept")
        self._writer.store(key, file, documents, replaced)
        self.counts["changed" if known else "added"] += 1
        self.touched = True

    def _unfit(self, source: str, text: str, replaced: int | None) -> str | None:
        """Why a document cannot be stored, if it cannot."""
        if not (storable(source) and storable(text)):
            return "text with half of a surrogate pair"
        holder = self._holder(source)
        if holder is None or holder[0] == replaced:
            return None
        if is_gone(self._database, self._names, holder[1]):
            self.remove(holder[0])
            return None
        return _TAKEN

    def _holder(self, source: str) -> tuple[int, str] | None:
        """The id and the key of the file that holds a document of that name, if one does."""
        query = "SELECT f.id, f.path FROM documents d JOIN files f ON f.id = d.file"
        found = self._database.one(f"{query} WHERE d.source = ?", (source,))
        return (int(found[0]), str(found[1])) if found is not None else None

    def _moved(self, key: str, file: FoundFile) -> bool:
        """Whether a new path holds the content of a file that is gone; then only names change."""
        match = find_moved(self._database, self._names, key, file)
        if match is None:
            return False
        number, old = match
        documents = [
            (document, key + source[len(old) :])
            for document, source in self._database.rows(
                "SELECT id, source FROM documents WHERE file = ?", (number,)
            )
        ]
        if any(self._holder(source) is not None for _, source in documents):
            return False  # it is read, and what has that name already is told or dropped then
        self._execute(
            "UPDATE files SET path = ?1, mtime_ns = ?2, seal = seal(?1, size, ?2, sha256)"
            " WHERE id = ?3",
            (key, file.mtime_ns, number),
        )
        for document, source in documents:
            self._writer.rename(document, source)
        self._execute(
            "UPDATE OR REPLACE skipped SET path = ?1, source = ?1 || substr(source, ?2),"
            " seal = seal(?1 || substr(source, ?2), ?1, reason) WHERE path = ?3 AND source <> ?3",
            (key, len(old) + 1, old),  # what is said of the old name itself stays with that
        )
        self.counts["moved"] += 1
        self.touched = True
        return True
