"""The language of a text, by its script and its commonest words."""

from __future__ import annotations

import re

from rag.text import words

__all__ = ["detect_language"]

_FUNCTION_WORDS = {
    "en": "the of and to in is that was for it on with as are by be this at from have not he they "
    "which has but his were had their an been or will would who its she we you a i do no "
    "can so if my me all when what how there",
    "de": "der die und das den von zu mit sich des auf für ist im dem nicht ein eine als auch es "
    "werden aus er hat dass sie nach wird bei einer um am sind noch wie einem über war ich so",
    "es": "de la que el en y a los del se las por un para con no una su al lo como más pero sus "
    "le ya o este sí porque esta entre cuando muy sin sobre también me hasta hay mi qué",
    "fr": "de la le et les des en un du une que est pour qui dans par plus pas au sur ne se ce il "
    "sont la avec ou son aux mais comme elle été cette ses nous vous leur ont a me y on",
    "it": "di e il la che in un per è del una con non sono della si da le dei al nel come più i "
    "anche ha gli alla lo ma delle se o stato questo suo dal era loro hanno a no mi ho",
    "pt": "de a o que e do da em um para com não uma os no se na por mais as dos como mas ao ele "
    "das à seu sua ou quando muito nos já eu também só pelo pela até isso são me eu meu está há",
    "nl": "de en van het een in is dat op te zijn met voor die niet aan er om ook als dan maar bij "
    "uit nog naar heeft ze wordt door over hij werd hebben deze tot of wel was ik",
    "ru": "и в не на что с он как это по но они мы она так его от из за для же у к а о бы было вы "
    "все был к только или еще был были при также этого которые",
    "tr": "ve bir bu da de için ile olarak çok daha olan gibi en kadar sonra ne var ama değil o "
    "ise her ya mi olduğu ancak tarafından göre şey yok bunu oldu veya diye ki iki etti",
    "pl": "i w na z do się nie że to jest o jak po ale co za od przez przy dla tak czy tym był już "
    "jego być oraz ich tylko jej są ma które może było też która pod a ja",
    "sv": "och i att det som en på är av för med den till inte om ett han de var från har sig men "
    "hade jag när kan eller efter vid mot sin också år blev skulle där mycket ska så hon",
    "no": "og i det som en på er av for med den til ikke om et han de var fra har seg men hadde "
    "jeg når kan eller etter ved mot sin også år ble skulle der mye skal så hun at etter hvor bare",
    "da": "og i at det som en på er af for med den til ikke om et han de var fra har sig men havde "
    "jeg når kan eller efter ved mod sin også år blev skulle der meget skal så hun hvor nu kun",
    "fi": "ja on ei se että oli hän myös mutta ovat kun joka niin kuin mukaan jos sen olivat ole "
    "tai jotka vain nyt sitä ollut jo sekä hänen siitä tämä vuonna ennen mitä kanssa",
    "ro": "și de în la a cu din pe nu să o pentru care este mai un ce că au fost prin după sau lui "
    "sunt dar ca am fi se al ale fără despre când până între fiind acest această",
    "hu": "a az és hogy nem egy is volt meg de csak mint ez már el azt ki még van kell vagy "
    "azonban után között ezt lesz mert által pedig szerint ha olyan során több amely",
}
_STOP = {language: frozenset(listed.split()) for language, listed in _FUNCTION_WORDS.items()}
#: English words that another language has too, as `a`, `do`, `no` and `I`: each counts for
#: English only where no word with a letter foreign to English stands against it.
_SHARED = _STOP["en"] & frozenset().union(*(_STOP[code] for code in _STOP if code != "en"))
_SCRIPTS = {
    "ka": "\u10a0-\u10ff\u1c90-\u1cbf",
    "hy": "\u0530-\u058f",
    "ar": "\u0600-\u06ff",
    "el": "\u0370-\u03ff\u1f00-\u1fff",
}
_SAMPLE = 20_000


#: Fewer words tell no language: names and headings share their small words with many.
_FEWEST = 8


def detect_language(text: str) -> str:
    """The ISO 639-1 code of the text's language; "en" when unsure, as of less than a sentence.

    Counts function words of sixteen languages over the first 20,000 characters; Georgian,
    Armenian, Arabic and Greek are told by their script.
    """
    sample = text[:_SAMPLE].casefold()
    letters = len(re.findall(r"[^\W\d_]", sample))
    for language, block in _SCRIPTS.items():
        if letters and len(re.findall(f"[{block}]", sample)) > letters / 2:
            return language
    tokens = words(sample)
    hits = {code: sum(token in listed for token in tokens) for code, listed in _STOP.items()}
    shared = sum(token in _SHARED for token in tokens)
    hits["en"] -= min(shared, sum(not token.isascii() for token in tokens))
    best = max(hits, key=lambda code: (hits[code], code == "en"))
    sure = (
        len(tokens) >= _FEWEST
        and hits[best] >= 3
        and hits[best] >= 0.1 * len(tokens)
        and hits[best] > 1.1 * hits["en"]
    )
    return best if sure else "en"
