"""Which date an expression is counted from: the sentence's, the story's, the head's or the document's."""

from datetime import date

import pytest

from timeline import extract

_STORY = (  # history, far from the document's date
    "The front hardly moved in 1915. On 4 May 1916 the general ordered an attack, and by 20 May it was over. "
    "It had cost 9,000 men in 1915 and 12,000 in 1916. {} "
    "The river was crossed in 1917, the town was taken in 1918, and its walls, which nobody had thought "
    "worth a gun, were razed in 1919 and rebuilt in 1921."
)


def _values(text: str, dct: date | None) -> dict[str, str]:
    return {mention.text: mention.timex.value for mention in extract(text, dct) if mention.timex}


@pytest.mark.parametrize(
    ("text", "expression", "value"),
    [
        ("In 1996, sales were $30 million, compared with $25 million a year earlier.", "a year earlier", "1995"),
        ("Unemployment was 5 percent in January, up from 4.8 percent a month earlier.", "a month earlier", "2023-12"),
        ("Exports in February rose 12 percent from a year ago.", "a year ago", "2023-02"),
        ("In the third quarter it lost $2 million, against $1 million a year earlier.", "a year earlier", "2022-Q3"),
        ("It lost $2 million in the third quarter. In the latest nine months it lost $5 million, against $1 million "
         "a year earlier.", "a year earlier", "2022"),
        ("Shares closed at 90 Friday, down from 95 the previous Friday, brokers said Monday.", "the previous Friday",
         "2024-03-08"),
        ("In January, sales rose from the same month last year.", "the same month last year", "2023-01"),
        ("It lost more in the quarter than in the same quarter last year.", "the same quarter last year", "2022-Q4"),
        ("He was elected in 1992. Two years earlier, he had lost.", "Two years earlier", "1990"),
        ("He died on May 3, 2019. Three days earlier he had written a will.", "Three days earlier", "2019-04-30"),
        ("He resigned in 2022, it said. The firm, he recalled, was a shop of two when it had opened in the old town "
         "by the harbour, where his father kept a boat and his uncle a tavern which nobody remembers any more, though "
         "it fed them all. Two years earlier it would have failed.", "Two years earlier", "2022"),
    ],
)  # fmt: skip
def test_earlier_counts_from_what_the_sentence_told(text: str, expression: str, value: str, dct: date) -> None:
    assert _values(text, dct)[expression] == value


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("He fought in March and April 1995.", ["1995-03", "1995-04"]),
        ("It met in June, July and August of 1994.", ["1994-06", "1994-07", "1994-08"]),
        ("It met in December and January 1994.", ["1993-12", "1994-01"]),
        ("It rained in the spring and summer of 1920.", ["1920-SP", "1920-SU"]),
        ("Sales rose in the first and second quarters of 1997.", ["1997-Q1", "1997-Q2"]),
        ("She was there in March and April of last year.", ["2023-03", "2023-04"]),
        ("He left in June, and in March 1990 he was back.", ["2023-06", "1990-03"]),
    ],
)
def test_members_of_a_list_share_the_year_that_is_said(text: str, values: list[str], dct: date) -> None:
    assert list(_values(text, dct).values()) == values


@pytest.mark.parametrize(
    ("text", "expression", "value"),
    [
        ("The stock has risen since mid-October.", "mid-October", "2023-10"),
        ("The year ended June 30 was good.", "June 30", "2023-06-30"),
        ("The hearing is set for Monday.", "Monday", "2024-03-18"),
        ("The ship is expected to arrive here Monday night, officials said.", "Monday night", "2024-03-18TNI"),
        ("Shares rose 3.5 percent in June.", "June", "2023-06"),
        ("The Sunday meeting is the first since Monday.", "Monday", "2024-03-11"),
        ("The board agreed Tuesday to not renew its lease in September.", "September", "2024-09"),
        ("The trial was scheduled to begin in September.", "September", "2024-09"),
        ("Nobody knows before the annual flu season in the autumn.", "the autumn", "2024-FA"),
        ("He went there in the autumn.", "the autumn", "2023-FA"),
        ("The report, to be released Monday, says 40 people died.", "Monday", "2024-03-18"),
        ("The hall had to be closed on Monday.", "Monday", "2024-03-11"),
        ("The president, who took office in January, will visit in the spring.", "January", "2024-01"),
        ("It came two days after Saturday's vote.", "two days after Saturday", "2024-03-11"),
        ("He was killed in the last month of the war, in May 1945.", "May 1945", "1945-05"),
        ("Shares fell as on Black Monday.", "Black Monday", "1987-10-19"),
    ],
)
def test_the_words_before_a_bare_date_tell_its_direction(text: str, expression: str, value: str, dct: date) -> None:
    assert _values(text, dct)[expression] == value


@pytest.mark.parametrize(
    ("sentence", "expression", "value"),
    [
        ("The treaty, which had been signed in May 1839, bound them. On 7 July it was broken.", "7 July", "1916-07-07"),
        ("The town had to do without. In March 1921 it burnt. On 7 July it was rebuilt.", "7 July", "1921-07-07"),
        ("It recalled the treaty of 1839. On 7 July it was broken.", "7 July", "1916-07-07"),
        ("In 1839 they had sworn it. On 7 July it was broken.", "7 July", "1839-07-07"),
        ("Winter brought a halt. In the spring it began anew.", "the spring", "1917-SP"),
        ("By winter all was over. He had been at sea in the spring.", "the spring", "1916-SP"),
        ("The following spring, he sailed.", "The following spring", "1917-SP"),
        ("On 9 November it fell, and on New Year's Day it was free.", "New Year's Day", "1917-01-01"),
        ("She was at school there from 1865 to 1870 and left it the following year.", "the following year", "1871"),
        ("In September of that year he sailed.", "September of that year", "1916-09"),
        ("On 20 May it fell. Two weeks after that he sailed.", "Two weeks after that", "1916-06-03"),
        ("The winter of 1916 was quiet. In March the ice broke.", "March", "1917-03"),
        ("The last days of June were hot. On 7 July it was broken.", "7 July", "1916-07-07"),
    ],
)
def test_a_story_goes_on_where_it_was(sentence: str, expression: str, value: str, dct: date) -> None:
    assert _values(_STORY.format(sentence), dct)[expression] == value


def test_weekdays_that_stand_beside_a_date_are_no_sign_of_news(dct: date) -> None:
    text = (
        "The siege began on Saturday, 6 June 1877. On the 7th the guns opened fire, and on 30 July an assault failed. "
        "The peace was made in 1878, the army left in 1879, and elections were held in 1880. In 1885 war broke out "
        "again. On Saturday, 19 December, a truce began; the following Thursday prisoners were exchanged. Sunday 3 "
        "January saw peace. The treaty of 1886 restored the old border, which had been drawn long before by people "
        "who had never seen the hills it ran through, nor the river, which had changed its course since; the maps "
        "they had were those of the old survey, and nobody had thought of asking the men who grazed their sheep there."
    )
    values = _values(text, dct)
    assert (values["the 7th"], values["30 July"]) == ("1877-06-07", "1877-07-30")
    assert values["the following Thursday"] == "1885-12-24"


def test_a_bare_day_goes_on_from_a_full_date_just_told(dct: date) -> None:
    text = "The strike began on 6 June 2019, the union said. On the 20th it was over."
    assert _values(text, dct)["the 20th"] == "2019-06-20"


def test_a_date_alone_at_the_head_dates_a_text_that_nothing_else_dates() -> None:
    text = "Airliner flies\nApril 27, 2005\nIt took off at 08:30 UTC. It was shown in January. It flew on Wednesday."
    values = _values(text, None)
    assert (values["08:30 UTC"], values["January"]) == ("2005-04-27T08:30Z", "2005-01")
    assert values["Wednesday"] == "2005-04-27"
    assert _values("It flew on Wednesday. The first flight was on April 27, 2005.", None)["Wednesday"] == "XXXX-WXX-3"
