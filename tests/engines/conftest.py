from __future__ import annotations

import pytest

from tests.store.fakes import Store


@pytest.fixture
def store(tmp_path, monkeypatch) -> Store:
    monkeypatch.chdir(tmp_path)
    return Store(tmp_path)
