"""The language of a document and of its paragraphs: a wrong guess would silence it."""

import pytest

from timeline.model import Hints
from timeline.reading import read

SENTENCES = {
    "en": "The council met on Monday and decided that the bridge would be repaired before the summer.",
    "de": "Der Rat trat am Montag zusammen und beschloss, dass die Brücke noch vor dem Sommer repariert wird.",
    "fr": "Le conseil s'est réuni lundi et a décidé que le pont serait réparé avant l'été prochain.",
    "es": "El consejo se reunió el lunes y decidió que el puente sería reparado antes del verano.",
    "it": "Il consiglio si è riunito lunedì e ha deciso che il ponte sarà riparato prima dell'estate.",
    "pt": "O conselho reuniu-se na segunda-feira e decidiu que a ponte seria reparada antes do verão.",
    "nl": "De raad kwam maandag bijeen en besloot dat de brug nog voor de zomer hersteld zou worden.",
    "sv": "Rådet sammanträdde i måndags och beslutade att bron skulle repareras före sommaren.",
    "pl": "Rada zebrała się w poniedziałek i postanowiła, że most zostanie naprawiony przed latem.",
    "ru": "Совет собрался в понедельник и решил, что мост будет отремонтирован до лета.",
    "uk": "Рада зібралася в понеділок і вирішила, що міст буде відремонтовано до літа.",
    "tr": "Meclis pazartesi günü toplandı ve köprünün yazdan önce onarılmasına karar verdi.",
    "et": "Volikogu kogunes esmaspäeval ja otsustas, et sild parandatakse enne suve.",
    "zh": "议会星期一开会，决定在夏天之前修好这座桥。",
    "ja": "議会は月曜日に開かれ、夏までに橋を修理することを決めた。",
    "ar": "اجتمع المجلس يوم الاثنين وقرر إصلاح الجسر قبل الصيف.",
}


@pytest.mark.parametrize("language", SENTENCES)
def test_one_sentence_tells_the_language(language: str) -> None:
    assert read(SENTENCES[language].encode(), "a.txt").language == language


@pytest.mark.parametrize(
    "text", ["Москва, 3 мая", "去年三月", "3 de mayo de 2024, la reunión", "Der Krieg begann 1914"]
)
def test_few_words_in_another_language_are_not_taken_for_english(text: str) -> None:
    assert read(text.encode(), "a.txt").language != "en"


def test_what_a_page_declares_decides_when_the_text_does_not() -> None:
    short = "<p>Am 3. Mai</p>"
    assert read(f"<html lang='de'><body>{short}</body></html>".encode(), "a.html").language == "de"
    assert read(f"<html lang='de'><body><p>{SENTENCES['en'] * 3}</p></body></html>".encode(), "a.html").language == "en"


def test_paragraphs_in_another_language_say_so() -> None:
    english, german = (" ".join([SENTENCES[code]] * 3) for code in ("en", "de"))
    document = read("\n\n".join([english, english, german, german, english]).encode(), "a.txt")
    assert document.language == "en"
    (part,) = document.segments
    assert part.language == "de"
    assert document.text[part.start : part.end] == f"{german}\n\n{german}"


def test_a_document_in_one_language_has_no_segments() -> None:
    text = "\n\n".join([" ".join([SENTENCES["de"]] * 3)] * 30)
    assert read(text.encode(), "a.txt").segments == ()


def test_a_language_set_by_a_person_holds_for_all_paragraphs() -> None:
    text = "\n\n".join([" ".join([SENTENCES[code]] * 3) for code in ("en", "de", "en")])
    assert read(text.encode(), "a.txt", Hints(language="en")).segments == ()
