"""Every word the page says stands in one file, and none stands there unsaid."""

import re

from timeline.rendering.phrases import say, say_language
from timeline.rendering.sources import PACKAGE, SCRIPT, folder, static, words

# Named by a part that is only known when the page is used: say(`pick-${key}`).
_COMPUTED = re.compile(r"^(by-|known-to-|pick-)|-means$|^(moment|stretch|open|vague|from|to)$")


_MADE = re.compile(r"(kind|unit|state)_|(week|weekend)_of$")


def script() -> str:
    return "".join((folder() / "script" / f"{name}.js").read_text() for name in SCRIPT)


def test_the_script_says_what_stands_among_the_words_and_all_of_it() -> None:
    known = set(words()["script"])
    assert set(re.findall(r'\bsay\("([a-z-]+)"', script())) <= known
    quoted = set(re.findall(r'"([a-z-]+)"', script())) | set(re.findall(r"WORDS\.(\w+)", script()))
    assert {word for word in known - quoted if not _COMPUTED.search(word)} == set()


def test_every_part_of_the_script_is_served() -> None:
    assert sorted(SCRIPT) == sorted(path.stem for path in (folder() / "script").iterdir())
    served = static()["timeline.js"].decode()
    for name in SCRIPT:
        assert (folder() / "script" / f"{name}.js").read_text() in served


def test_the_pages_say_what_stands_among_the_words_and_all_of_it() -> None:
    sources = [*folder().glob("*.html"), *(PACKAGE / "rendering").glob("*.py"), *(PACKAGE / "web").glob("*.py")]
    text = "".join(path.read_text() for path in sources)
    said = set(re.findall(r"""\bwords\.(\w+)|\bsay\(['"](\w+)|\bplain\(\)\["(\w+)""", text))
    used = {word for one in said for word in one if word}
    assert used - {"toml"} - set(words()["page"]) == set()
    assert {word for word in set(words()["page"]) - used if not _MADE.match(word)} == set()


def test_what_fills_a_place_is_escaped_and_numbers_choose_their_form() -> None:
    assert say("failed", reason="<b>") == "This document could not be read: &lt;b&gt;"
    assert say("statements", n=1) == "1 dated statement"
    assert say("statements", n=12_000) == "12,000 dated statements"


def test_languages_are_named() -> None:
    assert [say_language(code) for code in ("de", "zh", "qqq", "")] == ["German", "Chinese", "qqq", "not known"]


def test_no_page_is_missing_its_words() -> None:
    """No sentence stands in a template: only markup, places and what words.toml says."""
    for path in folder().glob("*.html"):
        named = re.sub(r"{% block kind %}\w+", "", path.read_text())  # a class of the body
        bare = re.sub(r"{[{%#].*?[}%#]}|<[^>]*>", " ", named, flags=re.DOTALL)
        assert set(re.findall(r"[A-Za-z]{3,}", bare)) <= {"SHA"}, path
