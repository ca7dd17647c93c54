"""What bytes are read as: UTF-8, what they say of themselves, Western text, a guess, or nothing."""

from __future__ import annotations

import pytest

from rag.errors import UnreadableFile
from rag.ingest.encoding import decode, looks_binary

TEXTS = {
    "cp1252": (
        "The café’s owner said “no”. Price: 5 €. It was a naïve façade — that’s all.",
        "He said “the talks are over” – but it wasn’t so. The deal, worth €5 million, fell apart.",
        "L’accord a été signé à Moscou où les représentants se sont réunis; c’était déjà ça.",
        "Die Vermittler übergaben den Bericht, in dem über größere Mängel geklagt wird.",
    ),
    "cp1250": ("Příliš žluťoučký kůň úpěl ďábelské ódy. Prezident řekl, že příměří platí.",),
    "cp1251": (
        "Россия направит миротворцев в регион. Об этом сообщил президент.",
        "«Мы выиграли», — сказал он в 1994 г. Это было № 5.",
        "The paper Известия wrote so: «Перемирие».",
    ),
    "koi8-r": ("Дорога была открыта в понедельник.", "Перемирие соблюдается."),
    "koi8-u": ("Україна отримає допомогу, повідомив міністр.",),
    "cp1254": ("Cumhurbaşkanı, ateşkesin imzalandığını söyledi. Türkiye gözlemci gönderecek.",),
}


@pytest.mark.parametrize(
    ("encoding", "text"), [(name, text) for name, texts in TEXTS.items() for text in texts]
)
def test_short_texts_of_a_single_byte_encoding(encoding: str, text: str) -> None:
    assert decode(text.encode(encoding)) == (text, encoding)


def test_the_first_odd_byte_may_come_late() -> None:
    text = "plain words " * 8_000 + "and a café – at last."
    assert decode(text.encode("cp1252")) == (text, "cp1252")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_bom(encoding: str) -> None:
    for text in ("The ceasefire was signed. It held.\n\nSecond.", "Дорога была открыта."):
        data = text.encode(encoding)
        assert not looks_binary(data)
        assert decode(data) == (text, encoding)


def test_a_declared_encoding_goes_before_the_guess() -> None:
    text = "Rusija će poslati mirovne snage."
    assert decode(text.encode("iso8859-2"), "iso-8859-2") == (text, "iso-8859-2")
    assert decode("naïve".encode(), "koi8-r") == ("naïve", "utf-8")
    assert decode("naïve".encode("cp1252"), "no-such-charset") == ("naïve", "cp1252")


@pytest.mark.parametrize("wrong", [b"\xe2\x80", b"caf\xe9 again\n"])
def test_utf_8_with_a_wrong_byte_is_still_utf_8(wrong: bytes) -> None:
    text, encoding = decode("Russia’s war — “talks” go on. ".encode() * 10 + wrong)
    assert encoding == "utf-8 with errors"
    assert text.startswith("Russia’s war — “talks”") and text.count("\ufffd") == 1


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xfe\xfa" * 100,
        b"\xff\xfe\xfd\xfc" * 100,
        b"\x81\x8d\x8f\x90\x9d" * 50,
        bytes(range(128, 256)),
        b"\xff\xfe" + b"\x00\xd8" * 10,
    ],
)
def test_what_no_encoding_makes_sense_of_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableFile, match="cannot be decoded as text"):
        decode(data)


@pytest.mark.parametrize(
    "text",
    [
        "The room is 20 m² and 3 m³, ±5 %.",
        "Add ¼ cup sugar and ¾ cup milk to it.",
        "The 5 µg dose was given to patients, then 3 µmol/l.",
        "It costs ¥500 or £3 a head; ¥bn and CN¥ are sums.",
        "It is 5½ miles long, at ½ price, on ¼-inch bolts, with ½cup oil and 1½ cups flour.",
        "Gas came at 3 m³/s, 10 Mm³ and 5 hm³ a year, 12 m³s-1 and 10³ times.",
        "As we said¹, and again², it holds³.",
        "The note¹ says so.",
        "The ³He and ¹H spectra; the mean±SD is 3±1.",
        "El artículo 1º, nº 5 y 1ª vez, a 20 ºC.",
    ],
)
def test_fractions_powers_and_units_are_western(text: str) -> None:
    assert decode(text.encode("cp1252")) == (text, "cp1252")


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1250", "Są tu ludzie i mają czas."),
        ("cp1250", "Ona miała łódź i żaglówkę."),
        ("cp1250", "Zmarł w Krakowie. Był lekarzem."),
        ("cp1250", "Czas płynął wolno. Deszcz padał."),
        ("cp1250", "Na zdjęciu stał żołnierz."),
        ("cp1250", "Dohoda byla podepsána v úterý."),
        ("cp1250", "Děti šly do školy pěšky."),
        ("cp1250", "Prezident povedal, že prímerie platí."),
        ("cp1250", "Ľudia prišli na námestie."),
        ("cp1250", "Ľad sa topí. Ľudia idú domov."),
        ("cp1250", "Este un oraş frumos şi curat."),
        ("cp932", "第一句です。これは日本語の文章です。"),
        ("cp932", "会議は月曜日に開かれます。"),
        ("gb18030", "这是一个中文句子。会议在星期一举行。"),
    ],
)
def test_the_same_bytes_as_letters_are_not_western(encoding: str, text: str) -> None:
    assert decode(text.encode(encoding))[0] == text
