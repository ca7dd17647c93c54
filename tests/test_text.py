from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.text import line_of, line_starts, normalise, raised, words
from rag.types import Document, Paragraph, Span
from rag.words.language import detect_language
from rag.words.sentences import sentences, sentences_within

PIECES = [
    "Russia brokered it. ",
    "Why? ",
    "Dr. Smith left. ",
    "“We go. We stay.” ",
    '"Is it...?" he said. ',
    "(thread) 1/9",
    "7/19 ",
    "U.S. ",
    "No. 7 ",
    "- item ",
    "NAME: turn ",
    "שלום. ",
    "مرحبا؟ ",
    "e\u0301",
    "👩‍👩‍👧",
    "👍🏽 ",
    "\u200f",
    "word",
    ".",
    "!",
    "…",
    " ",
    "\n",
    "\r\n",
    "\r",
    "\n\n",
    "\x00",
    "\x0c",
    "\u2028",
    "\u2029",
    "\x85",
    "\ufeff",
    "\ud800",
    "“",
    ")",
    "'",
    " date 2022-03-31 ",
    "# ",
    "| a | b |",
]
texts = st.one_of(
    st.lists(st.sampled_from(PIECES), max_size=30).map("".join),
    st.text(st.characters(), max_size=80),
)


def split(text: str, language: str = "en") -> list[str]:
    return [span.of(text) for span in sentences(text, 0, len(text), language)]


@given(texts)
def test_lines_are_ended_by_three_line_ends_only(text: str) -> None:
    starts = line_starts(text)
    assert starts == sorted(set(starts))
    for offset in range(len(text)):
        ended = sum(end.end() <= offset for end in re.finditer(r"\r\n|\r|\n", text))
        assert line_of(starts, offset) == ended + 1


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_of_counts_from_one_whatever_the_line_end(end: str) -> None:
    text = end.join(["one", "", "three\x0c\u2028\x85still three", "four"]) + end
    starts = line_starts(text)
    assert len(starts) == 4
    assert line_of(starts, text.index("three")) == 3
    assert line_of(starts, text.index("still")) == 3
    assert line_of(starts, text.index("four")) == 4
    assert line_of(starts, len(text)) == 4
    assert line_starts("") == [0]


@settings(max_examples=300)
@given(
    texts, st.integers(0, 40), st.integers(0, 120), st.sampled_from(["en", "ru", "ar", "", "xx"])
)
def test_sentences_are_trimmed_disjoint_and_inside(
    text: str, start: int, length: int, language: str
) -> None:
    end = min(len(text), start + length)
    at = start
    for span in sentences(text, start, end, language):
        assert at <= span.start < span.end <= end
        quote = span.of(text)
        assert quote == quote.strip()
        assert any(char.isalnum() for char in quote)
        assert "\n\n" not in quote and "\r\r" not in quote and "\n\r\n" not in quote
        at = span.end


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("   \n ", []),
        ("?!", []),
        ("No end", ["No end"]),
        ("One. Two! Three? Four… Five", ["One.", "Two!", "Three?", "Four…", "Five"]),
        ("Dr. Smith met Gen. Jones. He left.", ["Dr. Smith met Gen. Jones.", "He left."]),
        ("The U.S. President spoke. It ended.", ["The U.S. President spoke.", "It ended."]),
        ("Moscow was complacent abt. 5 of it. So.", ["Moscow was complacent abt. 5 of it.", "So."]),
        ("See No. 7, vol. 2 and para. 3. Then.", ["See No. 7, vol. 2 and para. 3.", "Then."]),
        ("Smith v. Jones was cited. Yes.", ["Smith v. Jones was cited.", "Yes."]),
        ("J. R. R. Tolkien wrote. It is 3.14 m.", ["J. R. R. Tolkien wrote.", "It is 3.14 m."]),
        ("e.g. Russia. Then Iran.", ["e.g. Russia.", "Then Iran."]),
        ('"Is it so...?" he said. Next.', ['"Is it so...?" he said.', "Next."]),
        ('"Really?" Putin asked. Next.', ['"Really?" Putin asked.', "Next."]),
        ("“Why?” He left.", ["“Why?”", "He left."]),
        (
            'He said "things seem... if fronts open". So.',
            ['He said "things seem... if fronts open".', "So."],
        ),
        ("Home: “we urge you. Never again.” End.", ["Home: “we urge you. Never again.”", "End."]),
        ("(He left. She did not.) Then we went.", ["(He left. She did not.)", "Then we went."]),
        ("It asks this; that; those. End.", ["It asks this; that; those.", "End."]),
        ("Hard\nwrapped\r\nlines here. And\rmore.", ["Hard\nwrapped\r\nlines here.", "And\rmore."]),
        ("A blank\n\nline ends\r\n \t\r\nit\r\rtoo", ["A blank", "line ends", "it", "too"]),
        ("1. First item. 2. Second item.", ["1. First item.", "2. Second item."]),
        ("Ends here. 🔥🔥 *", ["Ends here. 🔥🔥 *"]),
        ("THOMAS DE WAAL: Because. Q: Why?", ["THOMAS DE WAAL: Because.", "Q: Why?"]),
        ("MR. LEE: Go. AMB. KIM: No.", ["MR. LEE: Go.", "AMB. KIM: No."]),
        ("a\ud800b. Next one.", ["a\ud800b.", "Next one."]),
        ("One. T\x00wo\x0cgoes\u2028on\x85here.", ["One.", "T\x00wo\x0cgoes\u2028on\x85here."]),
    ],
)
def test_sentence_ends(text: str, expected: list[str]) -> None:
    assert split(text) == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "The call is at 3 p.m. ET on Monday.",
        "It begins at 5 p.m. EST on Friday.",
        "It began at 9 a.m. GMT.",
        "Gens. Lee and Grant met Profs. Lee and Kim.",
        "Atty. Gen. William Barr met Cdr. Lee and Msgr. Kim.",
        "On Fri. June 5 we met.",
        "On Sun. Sept. 5 we met.",
        "We met on Tues. the 6th of May.",
        "It weighs 20 lbs. at most.",
        "It took 3 hrs. to eat 5 oz. of it.",
        "As Eq. 3 and Eqs. 4 and 5 show, Tab. 2 is right.",
        "See Ex. 5, Exs. 6 and 7, Sect. 8 and App. 9.",
        "U.N. Doc. S/2020/1 and Docs. A/1 and A/2 say so.",
        "Jeopardy! is a show.",
        "It was on Jeopardy! in May.",
        "Yahoo! Inc. was sold.",
        "He lived at 10 Downing St. in London.",
        "He went to St. Andrews.",
        "The vote closed at 10 p.m. Thursday in both towns.",
        "Doors open at 9 a.m. Nov. 10 at the depot.",
        "The call is at 5 p.m. Eastern time.",
        "It starts at 8 a.m. Tbilisi time on Friday.",
        "See Vol. XII and para. (b) of it, as Lee et al. (2019) do.",
        "Maj. Gen. (ret.) Ida Krog met Ret. Gen. Lee at Ft. Orn.",
        "Dep. Min. Krog spent 5.5 bn. in all on 10 sq. km. of it.",
    ],
)
def test_a_stop_within_a_sentence_does_not_end_it(sentence: str) -> None:
    assert split(f"{sentence} So it was.") == [sentence, "So it was."]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("We met at 5 p.m.", "He left."),
        ("He came at 3 p.m.", "EU leaders met."),
        ("It stopped at 3 p.m.", "Monday was calm."),
        ("It stopped at 3 p.m.", "Nobody came."),
        ("We met on Fri.", "June was hot."),
        ("It weighs 20 lbs.", "At most."),
        ("Press Tab.", "Then type."),
        ("They broke off in May.", "Nobody came."),
        ("It has 10 sq. km.", "The rest is rock."),
        ("It is not in this Vol.", "Chapters end there."),
        ("See the Doc.", "He left."),
        ("Look at Yahoo!", "They left."),
        ("thanks!", "see you."),
        ("“Fire!”", "They left."),
        ("He lives at 10 Downing St.", "The door is black."),
    ],
)
def test_a_stop_after_the_same_words_may_end_a_sentence(first: str, second: str) -> None:
    assert split(f"{first} {second}") == [first, second]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It is calculated: they benefit 3/19", ["It is calculated: they benefit"]),
        ("Post seven. 7/19\n", ["Post seven."]),
        ("(7/19) Leading. Other", ["Leading.", "Other"]),
        ("7/ Leading. Other", ["Leading.", "Other"]),
        ("Trailing (7/19)", ["Trailing"]),
        ("7/19", []),
        ("No stop 3/19\nProblems: why? 5/19", ["No stop", "Problems: why?"]),
        ("Inline one. 1/9 Inline two. 2/9", ["Inline one.", "Inline two."]),
        ("First 1/2\nSecond 2/2", ["First", "Second"]),
        (
            "restraint 27/9; Putin talked 30/9, calls.",
            ["restraint 27/9; Putin talked 30/9, calls."],
        ),
        ("It began on 7/9", ["It began on 7/9"]),
        ("It was 1/2", ["It was 1/2"]),
        ("About half: 1/2", ["About half: 1/2"]),
        ("1/2 of them fled.", ["1/2 of them fled."]),
        ("Until 30/9\nwe waited.", ["Until 30/9\nwe waited."]),
    ],
)
def test_thread_markers_belong_to_no_sentence_and_dates_do(text: str, expected: list[str]) -> None:
    assert split(text) == expected


@pytest.mark.parametrize(
    "prefix",
    [
        " date 2022-03-31 ",
        "date 2022-03-31 ",
        "\ufeff date 2022-03-31\n",
        "DATE 2022-03-31. ",
        "Date:2022-03-31T10:00:00Z\n",
    ],
)
def test_the_inline_date_at_the_start_belongs_to_no_sentence(prefix: str) -> None:
    assert split(prefix + "The timing could not be worse. More.") == [
        "The timing could not be worse.",
        "More.",
    ]


def test_an_inline_date_elsewhere_stays() -> None:
    assert split("On the date 2022-03-31 it ended.") == ["On the date 2022-03-31 it ended."]


def test_marks_at_line_starts_belong_to_no_sentence() -> None:
    text = (
        "# Heading\nText of it\n- oranges and\n  pears\n- plums\n\n| a | b |\n|---|---|\n| c | d |"
    )
    assert split(text) == [
        "Heading",
        "Text of it",
        "oranges and\n  pears",
        "plums",
        "| a | b |",
        "| c | d |",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "> The convoy leaves at noon and takes the lower road\nNo, it stays.\n> and the bus",
            ["The convoy leaves at noon and takes the lower road", "No, it stays.", "and the bus"],
        ),
        ("On Monday Ida wrote:\n> Is it open", ["On Monday Ida wrote:", "Is it open"]),
        ("> > Is it open\n> It is\n>\n> And safe", ["Is it open", "It is", "And safe"]),
        ("> The road will\nbe open then.", ["The road will\nbe open then."]),
        ("> The road will\n> be open then.", ["The road will\n> be open then."]),
        ("[1] Treasury, 2020.\n[2] Weil, p. 5.", ["[1] Treasury, 2020.", "[2] Weil, p. 5."]),
        (
            "day,town,dead\n1 May,Orn,12\n2 May,Ulm,",
            ["day,town,dead", "1 May,Orn,12", "2 May,Ulm,"],
        ),
        ("day\tdead\n1 May\t12\n2 May\t7", ["day\tdead", "1 May\t12", "2 May\t7"]),
        (
            "Debts: 1,250,300 in\nall, 1,960,\nthen none.",
            ["Debts: 1,250,300 in\nall, 1,960,\nthen none."],
        ),
    ],
)
def test_lines_that_no_sentence_crosses(text: str, expected: list[str]) -> None:
    assert split(text) == expected


def test_a_stop_before_a_small_letter_ends_no_russian_sentence() -> None:
    text = "Погибло ок. 30 тыс. человек. В 1994 г. было тихо."
    assert split(text, "ru") == ["Погибло ок. 30 тыс. человек.", "В 1994 г. было тихо."]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Talks at the dam\nThe line was calm.", ["Talks at the dam", "The line was calm."]),
        ("1988 - It began\n1991 - It ended", ["1988 - It began", "1991 - It ended"]),
        ("[10:12] Ida: it holds\n[10:13] Bo: no", ["[10:12] Ida: it holds", "[10:13] Bo: no"]),
    ],
)
def test_no_sentence_of_a_passage_crosses_into_another_paragraph(
    text: str, expected: list[str]
) -> None:
    at = text.index("\n") + 1
    paragraphs = (Paragraph(1, 0, at - 1), Paragraph(2, at, len(text)))
    document = Document("a", text, "", "text", paragraphs)
    assert [s.of(text) for s in sentences_within(document, Span(0, len(text)))] == expected
    assert [s.of(text) for s in sentences_within(document, Span(at, len(text)))] == expected[1:]


def test_a_raised_figure_is_no_part_of_a_number() -> None:
    assert words("In 2020³ 1,960⁴ people² came") == ["in", "2020", "1,960", "people", "came"]


@pytest.mark.parametrize(
    ("text", "high"),
    [("3", "³"), (" 12 ", "¹²"), ("-6", "⁻⁶"), ("1,2", "¹,²"), ("th", None), ("[3]", None)],
)
def test_raised_figures(text: str, high: str | None) -> None:
    assert raised(text) == high


def test_offsets_are_code_points_in_any_script() -> None:
    text = "😀 Hé\u0301llo 👩‍👩‍👧. שלום עולם. Գնաց։ مرحبا؟ Привет. 第一句。"
    assert split(text) == [
        "😀 Hé\u0301llo 👩‍👩‍👧.",
        "שלום עולם.",
        "Գնաց։",
        "مرحبا؟",
        "Привет.",
        "第一句。",
    ]


def test_a_sentence_may_be_longer_than_the_window_of_the_splitter() -> None:
    long = "word " * 5000 + "end."
    assert split(f"Short one. {long} Last one.") == ["Short one.", long, "Last one."]
    many = "It ended here. " * 3000
    assert split(many) == ["It ended here."] * 3000


@pytest.mark.parametrize(
    "unit", ["“a ", "a. “b ", "word ", "a", "\n", "1/2 ", ". ", "A: b\n", "x\n- "]
)
def test_time_is_linear_on_awkward_text(unit: str) -> None:
    text = unit * (200_000 // len(unit))
    began = time.process_time()
    sentences(text, 0, len(text))
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The war ended with a ceasefire that was brokered by Russia, and it was not kept."),
        ("de", "Der Krieg endete mit einem Waffenstillstand, den Russland nicht durchgesetzt hat."),
        ("es", "La guerra terminó con un alto el fuego que no se ha cumplido en los últimos años."),
        ("fr", "La guerre est finie avec un cessez-le-feu qui n'est pas respecté dans la région."),
        ("it", "La guerra è finita con una tregua che non è stata rispettata nella regione."),
        ("pt", "A guerra terminou com um cessar-fogo que não foi respeitado pelas duas partes."),
        ("nl", "De oorlog eindigde met een wapenstilstand die niet door het leger werd gehouden."),
        ("ru", "Война закончилась перемирием, которое не было соблюдено, и это стало проблемой."),
        ("tr", "Savaş bir ateşkes ile sona erdi ve bu ateşkes çok uzun sürmedi ama önemli oldu."),
        ("pl", "Wojna zakończyła się rozejmem, który nie był przestrzegany przez to państwo."),
        ("sv", "Färjan sjönk på natten och de flesta som var ombord har inte hittats än."),
        ("no", "Fergen sank om natten, og de fleste som var om bord, har ikke blitt funnet."),
        ("da", "Færgen sank om natten, og de fleste af dem, der var om bord, er ikke fundet."),
        ("fi", "Lautta upposi yöllä, ja hallitus lupasi että se tutkii mitä oli tapahtunut."),
        ("ro", "Feribotul s-a scufundat noaptea, iar cei mai mulți dintre ei nu au fost găsiți."),
        ("hu", "A komp az éjjel elsüllyedt, és a kormány nem mondta meg, hogy ez miért történt."),
        ("el", "Το πλοίο βυθίστηκε τη νύχτα."),
        ("ka", "ომი დასრულდა ცეცხლის შეწყვეტით."),
        ("hy", "Պատերազմն ավարտվեց հրադադարով։"),
        ("ar", "انتهت الحرب بوقف إطلاق النار."),
        ("en", ""),
        ("en", "12 34 !!"),
        ("en", "Baku Yerevan Tbilisi"),
        ("en", "第一句。"),
    ],
)
def test_detect_language(language: str, text: str) -> None:
    assert detect_language(text) == language


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "How do I pay? By card. How do I cancel? By phone. Is there a fee? No."),
        (
            "en",
            "We hold a meeting once a month. Come along. Bring a friend. Tea served. No charge.",
        ),
        ("en", "Dose: 5 mg twice a day. Max 10 mg a day. Do not take with alcohol. No more a day."),
        ("en", "I am in a hurry so I can not do a lot today."),
        ("en", "Send an e-mail. Include a photo of a café. Add a name. Sign a form."),
        ("pt", "Como posso pagar? Com cartão. Há uma taxa? Não. Posso cancelar?"),
        ("pt", "A chave está no bolso do casaco. A porta está aberta."),
        ("pt", "A reunião é no sábado. Traga a família. Não há custo."),
        ("es", "No me gusta. Me voy a casa. No hay nada a esta hora."),
        ("es", "A mí no me dijo nada. A ti no te dijo todo."),
        ("es", "¿Cómo pago? Con tarjeta. ¿Hay una tasa? No. ¿Puedo cancelar?"),
        ("it", "Come pago? Con carta. C'è una tassa? No. Posso annullare?"),
        ("it", "Ho visto i gatti e i cani. A me piacciono i gatti."),
        ("it", "I ministri si sono riuniti a Bruxelles a porte chiuse."),
        ("pl", "Mama i tata poszli do domu. A ja i brat do kina."),
        ("pl", "Chleb i masło, a do tego ser i herbata."),
        ("pl", "Idę do sklepu. Kupię chleb i mleko, a ty wracaj do domu."),
        ("fr", "Il a dit a sa mère que non. Il a faim."),
        ("de", "Ich war so müde, so dass ich zu Hause blieb."),
    ],
)
def test_small_words_that_languages_share(language: str, text: str) -> None:
    assert detect_language(text) == language


def test_less_than_a_sentence_tells_no_language() -> None:
    assert detect_language("Plan de la de los Mares") == "en"
    assert detect_language("El plan de la ciudad es que los barcos salgan de los mares") == "es"


def test_normalise_folds_what_does_not_change_the_words() -> None:
    assert normalise("“Moscow’s”  plan –\r\n NOW…") == normalise('"moscow\'s" plan - now...')
    assert normalise("ﬁne Straße") == "fine strasse"
    assert normalise("Erdog\u0306an") == normalise("Erdoğan")
    assert normalise("1,960") != normalise("1960")


@given(st.text(max_size=60))
def test_normalise_is_stable(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert once == " ".join(once.split())


def test_words_keep_numbers_whole() -> None:
    assert words("In 2020, 1,960 died; 3.14% of Russia’s NK-force.") == [
        "in",
        "2020",
        "1,960",
        "died",
        "3.14",
        "of",
        "russia's",
        "nk",
        "force",
    ]


def test_words_keep_the_signs_of_their_vowels() -> None:
    assert words("मेरी किताब, cafe\u0301.") == ["मेरी", "किताब", "cafe\u0301"]
