"""News-like articles made up for measuring: varied, dated, the same for the same seed."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

PLACES = ("Ashford", "Bremen", "Calder Bay", "Dunmore", "Eastvale", "Farrow", "Glenside", "Harwick", "Ilmen", "Juniper")
BODIES = (
    "council",
    "port authority",
    "water board",
    "county court",
    "school board",
    "transport union",
    "hospital trust",
)
PEOPLE = ("Mara Lind", "Tom Okafor", "Irena Voss", "Paul Haddad", "Sofia Brandt", "Li Wen", "Anna Kowal", "Jon Reyes")
THINGS = ("bridge", "ferry line", "flood wall", "library", "power station", "railway yard", "clinic", "reservoir")
DEEDS = ("approved", "postponed", "criticised", "reopened", "inspected", "financed", "sold", "repaired")
WHENS = (
    "on {weekday}",
    "last week",
    "on {day} {month} {year}",
    "in {month} {year}",
    "three days ago",
    "between {year} and {later}",
    "since {year}",
    "earlier this year",
    "next month",
    "in the spring of {year}",
    "two years earlier",
    "late on {weekday} evening",
    "in the {decade}s",
    "by the end of {later}",
    "yesterday",
    "{month} {day}, {year}",
)
PLAIN = (
    "The {thing} serves about {number} people in {place} and the villages around it.",
    "“We were told nothing, and we had to read it in the paper,” said {person}, who works at the {thing}.",
    "The {body} did not answer questions about the costs, which are put at {number} thousand crowns.",
    "Neighbours of the {thing} in {place} say that the noise is no longer what worries them most.",
    "A report of {number} pages lists what is missing, from spare parts to people who know how to fit them.",
    "{person} and {other} sit on opposite sides of the {body}, and rarely agree on anything.",
)
DATED = (
    "The {body} of {place} {deed} the {thing} {when}, after {number} letters of complaint.",
    "{when_first}, {person} said, the {thing} had been closed to all but emergency traffic.",
    "Work on the {thing} began {when} and cost more than the {body} had set aside for it.",
    "{person} joined the {body} {when}; {other} left it {when_too}.",
    "According to {person}, the {thing} in {place} was {deed} {when} and again {when_too}.",
)
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November")
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def write(folder: Path, count: int, seed: int = 7) -> list[Path]:
    """So many articles as text files; their names carry their dates."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number, (published, text) in enumerate(articles(count, seed)):
        path = folder / f"{published.isoformat()}-article-{number:06}.txt"
        path.write_text(text, "utf-8")
        paths.append(path)
    return paths


def articles(count: int, seed: int = 7) -> Iterator[tuple[date, str]]:
    """Dates of publication and texts: 250 to 550 words, a date in every third sentence."""
    chance = random.Random(seed)  # noqa: S311  (no secret)
    for number in range(count):
        published = date(2015, 1, 5) + timedelta(days=chance.randrange(3900))
        body = chance.choice(BODIES)
        title = f"{chance.choice(PLACES)} {body} {chance.choice(DEEDS)} {chance.choice(THINGS)}, case {number}"
        paragraphs = [
            " ".join(_sentence(chance, published) for _ in range(chance.randint(3, 5)))
            for _ in range(chance.randint(5, 8))
        ]
        yield published, "\n\n".join([title, *paragraphs]) + "\n"


def _sentence(chance: random.Random, published: date) -> str:
    form = chance.choice(DATED if chance.random() < 0.3 else PLAIN)
    first = _when(chance, published)
    return form.format(
        body=chance.choice(BODIES),
        place=chance.choice(PLACES),
        person=chance.choice(PEOPLE),
        other=chance.choice(PEOPLE),
        thing=chance.choice(THINGS),
        deed=chance.choice(DEEDS),
        number=chance.randint(12, 900),
        when=_when(chance, published),
        when_too=_when(chance, published),
        when_first=first[0].upper() + first[1:],
    )


def _when(chance: random.Random, published: date) -> str:
    year = published.year - chance.randint(0, 12)
    return chance.choice(WHENS).format(
        weekday=chance.choice(_WEEKDAYS),
        day=chance.randint(1, 28),
        month=chance.choice(_MONTHS),
        year=year,
        later=published.year + chance.randint(0, 4),
        decade=year // 10 * 10,
    )
