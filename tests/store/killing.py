"""What has to hold after an update was killed, wherever that was."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

from rag.errors import IndexNotFound
from rag.store.status import index_status
from tests.store.faults import Files, State, cli, forked, keys, put, small_batches, state

__all__ = ["Killing"]


class Killing:
    """One update, from one version of a folder to another, to be killed again and again."""

    def __init__(self, base: Path, old: Files, new: Files, *flags: str) -> None:
        self._flags = flags
        self._old, self._new = old, new
        self._before = base / "before"
        self.trial = base / "trial"
        self._before.mkdir(parents=True)
        put(self._before, old)
        self.old: State | None = None
        if old:
            forked(lambda: self._index(self._before))
            self.old = forked(lambda: state(self._before / "index"))
        scratch = base / "scratch"
        put(scratch, new)
        forked(lambda: self._index(scratch))
        self.new = forked(lambda: state(scratch / "index"))
        self._vectors = forked(lambda: keys(scratch / "index"))

    def ready(self) -> Callable[[], None]:
        """Puts the old index and the new files in place; returns the update, to be killed."""
        shutil.rmtree(self.trial, ignore_errors=True)
        shutil.copytree(self._before, self.trial, symlinks=True)
        put(self.trial, self._new)
        return lambda: self._index(self.trial, *self._flags)

    def judge(self) -> str:
        """Checks what a killed update left behind; `old`, `new`, `between` or `nothing`."""
        what, committed = forked(lambda: (self._found(), keys(self.trial / "index")))
        embedded = forked(lambda: self._index(self.trial))
        assert embedded == len(self._vectors - committed), "what was committed is embedded again"
        assert forked(self._finished), "the next update does not finish the job"
        return what

    def _finished(self) -> bool:
        return self._whole() and state(self.trial / "index") == self.new

    def _found(self) -> str:
        try:
            found = state(self.trial / "index")
        except IndexNotFound as error:
            assert self.old is None, f"the index is lost: {error}"
            return "nothing"
        assert self._whole(), "not whole after the kill"
        if found == self.new:
            return "new"
        if found == self.old:
            return "old"
        assert found.unfinished, "a state that is neither old nor new and does not say so"
        old = self.old.texts if self.old else {}
        new = self.new.texts
        for source, passages in found.texts.items():
            assert passages in (old.get(source), new.get(source)), source
        for source in old.keys() & new.keys():
            assert source in found.texts or old[source] != new[source], f"{source} is lost"
        return "between"

    def _whole(self) -> bool:
        checked = index_status(self.trial / "index", check=True).checked
        return checked is not None and checked.whole

    def _index(self, base: Path, *flags: str) -> int:
        """How many texts `rag index` embedded."""
        small_batches()
        code, out, err = cli(base, "index", "docs", "--json", *flags)
        assert code == 0, err
        return int(json.loads(out)["embedded"])
