"""Spoilt files of every format; benchmarks/fuzz.py is the long version."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.documents import read_soundly
from tests.fuzz.samples import SAMPLES, mutated, sample

CASES = sorted((Path(__file__).parent / "cases").glob("*.*"))


@pytest.mark.parametrize("suffix", SAMPLES)
def test_the_samples_themselves_are_read(tmp_path: Path, suffix: str) -> None:
    (tmp_path / f"a{suffix}").write_bytes(sample(suffix))
    assert read_soundly(tmp_path / f"a{suffix}") == "read"


@pytest.mark.parametrize("suffix", SAMPLES)
@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 1 << 40))
def test_a_spoilt_file_is_read_or_refused(suffix: str, seed: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"a{suffix}"
        path.write_bytes(mutated(suffix, random.Random(seed)))
        assert read_soundly(path) in {"read", "refused"}


@pytest.mark.parametrize("suffix", SAMPLES)
@settings(max_examples=15, deadline=None)
@given(data=st.binary(min_size=1, max_size=300))
def test_any_bytes_are_read_or_refused(suffix: str, data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"a{suffix}"
        path.write_bytes(data)
        assert read_soundly(path) in {"read", "refused"}


@pytest.mark.parametrize("path", CASES, ids=lambda p: p.name)
def test_what_once_went_wrong(path: Path) -> None:
    assert read_soundly(path) in {"read", "refused"}
