"""Transcripts in encodings from before UTF-8, short and long, in several languages."""

from __future__ import annotations

import pytest

from pipelines.ingest.discussions.speech import SpeechError
from pipelines.ingest.discussions.speech_files import read_speech
from pipelines.ingest.discussions.speech_text import decoded

SAID = {
    "ru": (
        "Фасилитатор: Расскажите, пожалуйста, как вы впервые обратились в службу поддержки семьи.\n"
        "Марина: Я звонила три раза, и никто мне не ответил. Потом пришла женщина и "
        "сказала, что документы потеряны.\n"
        "Ольга: У меня было так же, только ждать пришлось полгода. Дети всё это время "
        "оставались без помощи.\n"
    ),
    "ar": (
        "الميسرة: أخبرونا كيف كانت تجربتكم مع خدمة دعم الأسرة في المدينة.\n"
        "أمينة: اتصلت ثلاث مرات ولم يرد علي أحد. ثم جاءت امرأة وقالت إن الأوراق ضاعت.\n"
        "سعاد: حدث معي الشيء نفسه، وانتظرت ستة أشهر حتى جاء الرد.\n"
    ),
    "pl": (
        "Prowadząca: Proszę opowiedzieć, jak po raz pierwszy zgłosili się państwo do poradni.\n"
        "Łucja: Dzwoniłam trzy razy i nikt nie odebrał. Później przyszła kobieta i "
        "powiedziała, że dokumenty zginęły.\n"
        "Grażyna: U mnie było tak samo, czekaliśmy pół roku, a dzieci były bez pomocy.\n"
    ),
    "tr": (
        "Kolaylaştırıcı: Aile destek hizmetine ilk nasıl başvurduğunuzu anlatır mısınız?\n"
        "Ayşe: Üç kez aradım, kimse açmadı. Sonra bir kadın geldi ve belgelerin "
        "kaybolduğunu söyledi.\n"
        "Gülşen: Bende de aynısı oldu, altı ay bekledik, çocuklar yardımsız kaldı.\n"
    ),
    "fr": (
        "Animatrice : Racontez-nous comment vous êtes arrivés à ce service d'aide à la famille.\n"
        "Élodie : J'ai appelé trois fois et personne ne m'a répondu. « Après, une femme "
        "est venue à la maison. »\n"
        "Zoé : Pour moi c'était pareil, nous avons attendu six mois, très déçus.\n"
    ),
    "en": (
        "Facilitator: Tell us how it was – the first time you went.\n"
        "Maya: “I called three times” and nobody answered, it’s what happens. Café "
        "owners said the same.\n"
        "Zoë: Same for me, we waited six months…\n"
    ),
    "de": (
        "Moderatorin: Erzählen Sie uns, wie Sie zum ersten Mal Hilfe gesucht haben.\n"
        "Jürgen: Ich habe dreimal angerufen und niemand hörte zu. Später hieß es, die "
        "Unterlagen wären verloren.\n"
        "Bärbel: Bei mir genauso, wir haben ein halbes Jahr gewartet, für die Kinder war "
        "das schlimm.\n"
    ),
}
ENCODINGS = [
    ("ru", "cp1251"),
    ("ru", "koi8-r"),
    ("ru", "cp866"),
    ("ru", "iso8859-5"),
    ("ar", "cp1256"),
    ("ar", "iso8859-6"),
    ("pl", "cp1250"),
    ("pl", "iso8859-2"),
    ("tr", "cp1254"),
    ("tr", "iso8859-9"),
    ("fr", "cp1252"),
    ("en", "cp1252"),
    ("de", "cp1252"),
    ("de", "mac_roman"),
]


@pytest.mark.parametrize("times", [0, 1, 30])
@pytest.mark.parametrize(("language", "encoding"), ENCODINGS)
def test_letters_are_those_that_were_written(language: str, encoding: str, times: int) -> None:
    text = SAID[language] * times or SAID[language][:200]
    data = text.encode(encoding, "ignore")
    found, told = decoded(data, "fg.txt")
    assert found == data.decode(encoding)
    assert told[0].startswith("Read as ")


def test_a_person_says_how_a_file_is_read() -> None:
    data = "P1: Да.".encode("koi8-r")  # too short to tell
    for name in ("fg.txt", "fg.md"):
        (turn,) = read_speech(data, name, encoding="koi8-r").turns
        assert turn.text == "Да."
    with pytest.raises(SpeechError, match="there is no text encoding 'martian'"):
        read_speech(data, "fg.txt", encoding="martian")
    with pytest.raises(SpeechError, match="the file is not in the encoding utf-8"):
        read_speech(data, "fg.txt", encoding="utf-8")
