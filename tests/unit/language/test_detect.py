"""Which language a text is in, and when nobody can tell."""

from __future__ import annotations

import pytest

from stream_app.core.events import Article, CasualtyFigure, LanguageFound, Rejected, Tagged
from stream_app.core.language.detect import SURE
from stream_app.core.language.document import Document
from stream_app.core.languages.detection import detector
from stream_app.core.languages.readers import casualty_readers, cause_readers, language_tagger
from stream_app.core.tagging import tag

DETECT = detector()
TAGGERS = (language_tagger(), casualty_readers(), cause_readers())
SENTENCES = {
    "en": "The mayor said that the bridge would be closed until the end of the week.",
    "uk": "Міський голова повідомив, що міст буде зачинено до кінця тижня через ремонт.",
    "ru": "Мэр города сообщил, что мост будет закрыт до конца недели из-за ремонта.",
    "be": "Мэр горада паведаміў, што мост будзе зачынены да канца тыдня праз рамонт.",
    "bg": "Кметът съобщи, че мостът ще бъде затворен до края на седмицата заради ремонт.",
    "sr": "Градоначелник је рекао да ће мост бити затворен до краја недеље због поправке.",
    "pl": "Burmistrz powiedział, że most będzie zamknięty do końca tygodnia z powodu remontu.",
    "cs": "Starosta uvedl, že most bude kvůli opravě uzavřen až do konce tohoto týdne.",
    "de": "Der Bürgermeister sagte, die Brücke werde bis zum Ende der Woche gesperrt.",
    "nl": "De burgemeester zei dat de brug tot het einde van de week gesloten zou worden.",
    "sv": "Borgmästaren sade att bron skulle vara stängd till slutet av veckan.",
    "fr": "Le maire a dit que le pont serait fermé jusqu'à la fin de la semaine.",
    "es": "El alcalde dijo que el puente estaría cerrado hasta el fin de la semana.",
    "pt": "O prefeito disse que a ponte ficaria fechada até ao fim da semana.",
    "gl": "O alcalde dixo que a ponte estaría pechada ata a fin de semana na súa vila.",
    "ca": "L'alcalde va dir que el pont estaria tancat fins a la fi de la setmana per les obres.",
    "it": "Il sindaco ha detto che il ponte sarà chiuso fino alla fine della settimana.",
    "ro": "Primarul a spus că podul va fi închis până la sfârșitul săptămânii.",
    "tr": "Belediye başkanı köprünün onarım nedeniyle hafta sonuna kadar kapalı olduğunu söyledi.",
    "id": "Wali kota mengatakan bahwa jembatan itu akan ditutup hingga akhir pekan ini.",
    "ar": "قال رئيس البلدية إن الجسر سيكون مغلقا حتى نهاية الأسبوع بسبب الإصلاح",
    "fa": "شهردار گفت که این پل تا پایان هفته برای تعمیر بسته خواهد بود",
    "ur": "میئر نے کہا کہ یہ پل مرمت کے لیے ہفتے کے آخر تک بند رہے گا",
    "he": "ראש העיר אמר כי הגשר יהיה סגור עד סוף השבוע",
    "el": "Ο δήμαρχος είπε ότι η γέφυρα θα μείνει κλειστή ως το τέλος της εβδομάδας.",
    "zh": "市长表示这座桥将关闭到本周末，居民必须使用另一条路线。",
    "ja": "市長は、橋が週末まで閉鎖されると述べました。",
    "ko": "시장은 다리가 주말까지 폐쇄될 것이라고 말했다.",
    "hi": "महापौर ने कहा कि पुल सप्ताह के अंत तक बंद रहेगा।",
    "th": "นายกเทศมนตรีกล่าวว่าสะพานจะปิดจนถึงสิ้นสัปดาห์",
}


@pytest.mark.parametrize("language", SENTENCES)
def test_a_sentence_tells_its_language(language: str) -> None:
    found = DETECT(SENTENCES[language])
    assert (found.language, found.confidence >= SURE) == (language, True)


@pytest.mark.parametrize("language", SENTENCES)
def test_upper_case_changes_nothing(language: str) -> None:
    assert DETECT(SENTENCES[language].upper()).language == language


@pytest.mark.parametrize(
    "text",
    [
        "Mayor Władysław Jędrzejczak of Łódź and Şerafettin Yıldız of Diyarbakır met in São João da Madeira on Friday.",
        "TWELVE PEOPLE WERE KILLED WHEN A BUS LEFT THE ROAD NEAR LA PAZ.",
        "Die in the attack: Hans Müller, Jürgen Groß and Björn Sjögren of the De Wit family.",
        "12 dead in Lyon",
        "Shr 15 cts vs 9 cts. Net 2,002,261 vs 1,168,638.",
    ],
)
def test_names_and_numbers_speak_for_no_language(text: str) -> None:
    assert DETECT(text).language == "en"


@pytest.mark.parametrize(
    ("text", "said", "language"),
    [
        ("Lyon: 12", "fr-FR", "fr"),
        ("Lyon: 12", "fr_FR", "fr"),
        ("Lyon: 12", "no language at all", "en"),
        (SENTENCES["de"], "en", "de"),
        ("Киев: 12", "en", "ru"),
        ("Київ: 12", "uk", "uk"),
        ("महापौर पुल", "mr", "mr"),
        ("12 - 30", None, "en"),
        ("ⴰⴱⴳⴷ", None, "und"),
    ],
)
def test_the_producer_is_believed_where_the_text_does_not_tell(text: str, said: str | None, language: str) -> None:
    assert DETECT(text, said).language == language


def test_a_short_text_is_never_sure() -> None:
    assert DETECT("Der Mann und die Frau").confidence < SURE


def test_a_language_without_a_reader_is_rejected_as_a_whole() -> None:
    text = "De politie zei dat de twee mannen zich in Die hadden verwond en dat zij naar het ziekenhuis gingen. 12 were killed."
    tagged = tag(Article(id="a", title="Die bom", text=text), TAGGERS)
    assert (tagged.casualties, tagged.toll, tagged.cause) == ((), {}, None)
    assert tagged.rejected == (Rejected("text", 0, len(text), text, "language", "no_reader"),)


def test_documents_of_several_languages_keep_their_order() -> None:
    texts = (
        SENTENCES["de"],
        "A bomb killed 12 people in the town on Monday.",
        SENTENCES["pl"],
        "Two people died on the way.",
    )
    documents = [Document(Article(id="a", text=text)) for text in texts]
    said = [language_tagger()(document, Tagged()) for document in documents]
    read = casualty_readers().each(documents, said)
    assert [[figure.low for figure in tagged.casualties] for tagged in read] == [[], [12], [], [2]]
    assert all(isinstance(figure, CasualtyFigure) for tagged in read for figure in tagged.casualties)


def test_a_document_of_no_found_language_is_read_as_the_usual_one() -> None:
    document = Document(Article(id="a", text="A bomb killed 12 people."))
    assert casualty_readers()(document, Tagged()).toll["killed"].low == 12
    nobody = Tagged(language_found=LanguageFound("xx", 0.9))
    assert casualty_readers()(document, nobody).toll == {}
