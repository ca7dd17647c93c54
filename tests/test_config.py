"""Settings: three places, their precedence, and what is refused with which words."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.config import Settings, check_range, load_settings, named_path, parse_date
from rag.errors import BadInput


def load(tmp_path: Path, toml: str = "", env: dict[str, str] | None = None, **flags: object):
    if toml:
        (tmp_path / "rag.toml").write_text(toml, encoding="utf-8")
    return load_settings(flags, cwd=tmp_path, environ=env or {})


def test_defaults_hold_where_nothing_is_said(tmp_path: Path) -> None:
    assert load(tmp_path) == Settings()
    assert Settings().index == Path("index")


@pytest.mark.parametrize(
    ("toml", "env", "flag", "expected"),
    [
        ("top_k = 3", {}, None, 3),
        ("top-k = 3", {}, None, 3),
        ("[rag]\ntop_k = 3", {}, None, 3),
        ("top_k = 2\n[rag]\ntop_k = 3", {}, None, 3),
        ("top_k = 3", {"RAG_TOP_K": "4"}, None, 4),
        ("top_k = 3", {"RAG_TOP_K": "4"}, 5, 5),
        ("top_k = 3", {}, 5, 5),
        ("top_k = 3", {"RAG_TOP_K": ""}, None, 3),
        ("", {"RAG_TOP_K": "4"}, None, 4),
    ],
)
def test_flags_win_over_environment_over_file(tmp_path, toml, env, flag, expected) -> None:
    assert load(tmp_path, toml, env, top_k=flag).top_k == expected


@pytest.mark.parametrize(
    ("key", "toml", "expected"),
    [
        ("index", 'index = "here"', Path("here")),
        ("embedder", 'embedder = "some/model"', "some/model"),
        ("reader", 'reader = "r"', "r"),
        ("model", 'model = "http://localhost:8000/v1"', "http://localhost:8000/v1"),
        ("composer", 'composer = "generative"', "generative"),
        ("since", "since = 2022-01-01", "2022-01-01"),
        ("since", "since = 2022-01-01T10:00:00", "2022-01-01"),
        ("since", "since = 2022", "2022"),
        ("until", 'until = "2022-02"', "2022-02"),
        ("source", 'source = "*.txt"', "*.txt"),
        ("read_ms", "read_ms = 250", 250.0),
    ],
)
def test_every_key_of_the_file_is_read(tmp_path, key, toml, expected) -> None:
    assert getattr(load(tmp_path, toml), key) == expected


def test_every_setting_comes_from_the_environment(tmp_path: Path) -> None:
    env = {
        "RAG_INDEX": "i",
        "RAG_EMBEDDER": "e",
        "RAG_READER": "r",
        "RAG_MODEL": "m",
        "RAG_COMPOSER": "generative",
        "RAG_TOP_K": "7",
        "RAG_SINCE": "2020",
        "RAG_UNTIL": "2021-05",
        "RAG_SOURCE": "a*",
        "RAG_STORE": "http://host:19530",
        "RAG_ENGINE": "ray",
        "RAG_ENGINE_ADDRESS": "host:6379",
        "RAG_SOMETHING_ELSE": "is not ours",
    }
    assert load(tmp_path, env=env) == Settings(
        Path("i"),
        "e",
        "r",
        "m",
        "generative",
        7,
        "2020",
        "2021-05",
        "a*",
        store="http://host:19530",
        engine="ray",
        engine_address="host:6379",
    )


@pytest.mark.parametrize(
    ("toml", "env", "flags", "words"),
    [
        ("topk = 3", {}, {}, "Did you mean top_k?"),
        ("embeder = 'x'", {}, {}, "Did you mean embedder?"),
        ("[rag]\nsinse = '2020'", {}, {}, "Did you mean since?"),
        ("qqqqqqqq = 1", {}, {}, "The keys are index, embedder"),
        ("rag = 1", {}, {}, "must be a table"),
        ("top_k = [", {}, {}, "is not valid TOML"),
        ("top_k = 0", {}, {}, "top_k in rag.toml must be a whole number from 1 to 1000"),
        ("top_k = true", {}, {}, "must be a whole number"),
        ("top_k = 2.5", {}, {}, "must be a whole number"),
        ("", {"RAG_TOP_K": "many"}, {}, "RAG_TOP_K must be a whole number"),
        ("", {}, {"top_k": -1}, "--top-k must be a whole number"),
        ("", {}, {"top_k": 1001}, "--top-k must be a whole number"),
        ("composer = 'poetic'", {}, {}, "must be extractive or generative, not “poetic”"),
        ("engine = 'steam'", {}, {}, "must be ray, not “steam”"),
        ("embedder = 3", {}, {}, "embedder in rag.toml must be a text"),
        (
            "",
            {},
            {"index": "~no.such.user/x"},
            "--index: there is no home folder for ~no.such.user",
        ),
        ("risk = '1e999'", {}, {}, "risk in rag.toml must be a number between 0 and 1"),
        ("", {}, {"source": " "}, "--source must be a text that is not empty"),
        ("", {}, {"since": "2021-02-30"}, "--since: There is no such date as “2021-02-30”."),
        ("", {"RAG_UNTIL": "tomorrow"}, {}, "RAG_UNTIL: “tomorrow” is not a date."),
        ("since = true", {}, {}, "since in rag.toml must be a text"),
        ('index = "C:\\docs"', {}, {}, "in single quotes"),
        ('index = "C:\\temp"', {}, {}, "index in rag.toml holds a tab"),
        ("", {"RAG_READER": "reader\r"}, {}, "RAG_READER holds a tab, a line end"),
        ("since = 10:00:00", {}, {}, "since in rag.toml must be a text"),
        ("since = 2022", {}, {"until": "2021-12"}, "Nothing lies between 2022 and 2021-12."),
    ],
)
def test_what_cannot_be_meant_is_refused(tmp_path, toml, env, flags, words) -> None:
    with pytest.raises(BadInput) as caught:
        load(tmp_path, toml, env, **flags)
    assert words in str(caught.value)
    assert str(caught.value).count(" in rag.toml") <= 1
    assert caught.value.exit_status == 2


def test_a_settings_file_that_is_a_folder_is_a_plain_error(tmp_path: Path) -> None:
    (tmp_path / "rag.toml").mkdir()
    with pytest.raises(BadInput, match=r"rag\.toml cannot be read"):
        load(tmp_path)


@pytest.mark.parametrize("value", ["1991", "2020-11", "2020-11-10", " 2020-11-10 ", "2024-02-29"])
def test_dates_that_exist(value: str) -> None:
    assert parse_date(value) == value.strip()


@pytest.mark.parametrize(
    "value",
    ["", "20", "0000", "2020-13", "2020-1", "2023-02-29", "2020/11/10", "10.11.2020", "2020-11-10T",
     "٢٠٢٠", "2020-00", "-2020", "2020-11-"],
)  # fmt: skip
def test_dates_that_do_not(value: str) -> None:
    with pytest.raises(BadInput):
        parse_date(value)


@given(st.dates())
def test_every_day_year_and_month_passes(day) -> None:
    iso = day.isoformat()
    assert [parse_date(iso[:n]) for n in (4, 7, 10)] == [iso[:4], iso[:7], iso]


@pytest.mark.parametrize(
    ("since", "until", "empty"),
    [
        ("2020", "2020", False),
        ("2020-12-31", "2020", False),
        ("2020", "2020-01-01", False),
        ("2020-02", "2020-02", False),
        ("2020-03", "2020-02", True),
        ("2021", "2020-12-31", True),
        (None, "2020", False),
        ("2020", None, False),
    ],
)
def test_a_range_is_empty_only_when_no_day_fits(since, until, empty) -> None:
    if empty:
        with pytest.raises(BadInput):
            check_range(since, until)
    else:
        check_range(since, until)


@pytest.mark.parametrize("value", ["0", "-1", "inf", "nan", "soon"])
def test_a_time_for_reading_is_a_number_above_zero(tmp_path, value) -> None:
    with pytest.raises(BadInput, match="above zero"):
        load(tmp_path, env={"RAG_READ_MS": value})


def test_a_byte_order_mark_is_no_part_of_the_settings(tmp_path) -> None:
    assert load(tmp_path, "\ufefftop_k = 4\r\n").top_k == 4


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8", "utf-8-sig"])
def test_settings_as_shells_write_them(tmp_path, encoding) -> None:
    (tmp_path / "rag.toml").write_bytes("index = 'Données'\r\ntop_k = 4\r\n".encode(encoding))
    assert load(tmp_path, env={"RAG_SINCE": "2020\r"}) == Settings(
        Path("Données"), top_k=4, since="2020"
    )


def test_settings_in_another_encoding_are_said(tmp_path) -> None:
    (tmp_path / "rag.toml").write_bytes("index = 'Données'".encode("latin-1"))
    with pytest.raises(BadInput, match="not valid UTF-8"):
        load(tmp_path)


@pytest.mark.parametrize("value", ["", " ", "\t"])
def test_an_empty_path_is_refused(value) -> None:
    with pytest.raises(BadInput, match="A path is empty"):
        named_path(value)
    assert named_path(".") == Path()
