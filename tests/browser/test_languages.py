"""A folder with a document in each language becomes one timeline in true order, each quote in its own direction."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from sample_browser import Watched, keep

from timeline.temporal import packs

pytestmark = [pytest.mark.browser, pytest.mark.redis, pytest.mark.slow]

# In the order of the day each speaks of: that day, the day of the document, the text; "yesterday" is in each of them.
PAPERS = {
    "el": ("2003-06-05", "Η γέφυρα άνοιξε στις 5 Ιουνίου 2003. Ο δήμαρχος δήλωσε χθες ότι τα έργα τελείωσαν."),
    "it": ("2004-07-06", "Il ponte fu aperto il 6 luglio 2004. Il sindaco ha detto ieri che i lavori sono finiti."),
    "fr": ("2005-08-07", "Le pont a été ouvert le 7 août 2005. Le maire a dit hier que les travaux étaient finis."),
    "es": ("2006-09-08", "El puente se abrió el 8 de septiembre de 2006. El alcalde dijo ayer que la obra terminó."),
    "pt": (
        "2007-10-09",
        "A ponte foi aberta em 9 de outubro de 2007. O prefeito disse ontem que as obras não pararam.",
    ),
    "de": (
        "2008-11-10",
        "Die Brücke wurde am 10. November 2008 eröffnet. Der Bürgermeister sprach gestern im Rathaus.",
    ),
    "nl": (
        "2009-12-11",
        "De brug werd op 11 december 2009 geopend. De burgemeester zei gisteren dat het werk klaar is.",
    ),
    "sv": (
        "2010-01-12",
        "Bron öppnades den 12 januari 2010. Borgmästaren sade i går att arbetet är färdigt och betalt.",
    ),
    "et": ("2011-02-13", "Sild avati 13. veebruaril 2011. Linnapea ütles eile, et tööd on lõpetatud ja raha otsas."),
    "pl": ("2012-03-14", "Most otwarto 14 marca 2012 roku. Burmistrz powiedział wczoraj, że prace się zakończyły."),
    "ru": ("2013-04-15", "Мост открыли 15 апреля 2013 года. Мэр города сообщил вчера, что все работы закончены."),
    "uk": ("2014-05-16", "Міст відкрили 16 травня 2014 року. Міський голова повідомив учора, що роботи завершено."),
    "tr": (
        "2015-06-17",
        "Köprü 17 Haziran 2015 tarihinde açıldı. Belediye başkanı dün çalışmaların bittiğini söyledi.",
    ),
    "ar": ("2016-07-18", "افتتح الجسر في 18 يوليو 2016. وقال رئيس البلدية أمس إن أعمال الترميم قد انتهت تماما."),
    "fa": ("2017-08-19", "پل در ۲۸ مرداد ۱۳۹۶ گشایش یافت. شهردار دیروز گفت که کارهای بازسازی به پایان رسیده است."),
    "zh": ("2018-09-20", "大桥于2018年9月20日通车。市长昨天说,修缮工程已经全部完成,市民可以放心通行。"),
    "ja": ("2019-10-21", "橋は令和元年10月21日に開通した。市長は昨日、修理の工事がすべて終わったと述べた。"),
    "ko": ("2020-11-22", "다리는 2020년 11월 22일에 개통되었다. 시장은 어제 모든 보수 공사가 끝났다고 말했다."),
    "en": ("2021-12-23", "The bridge was opened on 23 December 2021. The mayor said yesterday that the work is done."),
}
RIGHT_TO_LEFT = {"ar", "fa"}


@dataclass(frozen=True, slots=True)
class Event:
    """What the timeline holds of one statement."""

    language: str
    begin: str


@dataclass(frozen=True, slots=True)
class Built:
    """The pages of the folder, and the events on them."""

    site: Path
    events: list[Event]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    folder = tmp_path_factory.mktemp("languages")
    inbox = folder / "papers"
    inbox.mkdir()
    for number, (code, (_, text)) in enumerate(PAPERS.items(), 1):
        (inbox / f"2024-03-{number:02d}-{code}.txt").write_text(text, encoding="utf-8")
    _timeline("build", str(inbox), "--site", str(folder / "site"), "--data", str(folder / "data"))
    listed = json.loads(_timeline("events", "--json", "--data", str(folder / "data")))
    return Built(folder / "site", [Event(event["document"]["language"], event["begin"]) for event in listed])


def _timeline(*arguments: str) -> str:
    command = [sys.executable, "-m", "timeline", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_pack_made_by_hand_has_a_document() -> None:
    assert set(PAPERS) == set(packs.languages())


def test_a_document_in_each_language_becomes_one_timeline_in_true_order(built: Built) -> None:
    opened = [Event(code, day) for code, (day, _) in PAPERS.items()]
    said = [Event(code, "2024-02-29" if not number else f"2024-03-{number:02d}") for number, code in enumerate(PAPERS)]
    assert built.events == [*opened, *said]


def test_each_quote_runs_in_its_own_direction(built: Built, watched: Watched) -> None:
    page = watched.page
    page.goto((built.site / "index.html").as_uri())
    seen = page.eval_on_selector_all(
        ".quote", "quotes => quotes.map(quote => [quote.lang, getComputedStyle(quote).direction])"
    )
    assert {code for code, _ in seen} == set(PAPERS)
    assert {code for code, direction in seen if direction == "rtl"} == RIGHT_TO_LEFT
    keep(page, "languages", full=True)
    assert watched.complaints() == []


@pytest.mark.parametrize("code", sorted(RIGHT_TO_LEFT))
def test_the_first_word_of_a_right_to_left_quote_stands_at_the_right(built: Built, watched: Watched, code: str) -> None:
    page = watched.page
    page.goto((built.site / "index.html").as_uri())
    left, right = page.eval_on_selector(
        f".quote[lang={code}]",
        """quote => {
            const walker = document.createTreeWalker(quote, NodeFilter.SHOW_TEXT);
            const first = walker.nextNode(), range = document.createRange();
            range.setStart(first, 0);
            range.setEnd(first, 2);
            const word = range.getBoundingClientRect();
            range.selectNodeContents(quote);
            return [word.right, range.getBoundingClientRect().right];
        }""",
    )
    assert left == pytest.approx(right, abs=12)
