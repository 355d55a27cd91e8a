"""What a person types to find a statement, as the databases understand it: words, "phrases" and begin*."""

import re

from sqlalchemy import ColumnElement, Connection, Integer, TextClause, column, false, table, text

from timeline.store import schema

Condition = ColumnElement[bool] | TextClause
# A word found this often is common: then it is cheaper to walk the timeline and look each event up.
_COMMON = 2000
# Writing without spaces is one long token to the index; such words are looked for in the statements themselves.
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_TERM = re.compile(r'"([^"]+)"|(\S+)')
INDEX = table("events_text", column("rowid", Integer), column("events_text"))


def conditions(connection: Connection, sought: str) -> list[Condition]:
    """What must hold of an event whose statement says that."""
    found: list[Condition] = [
        schema.events.c.statement.like(f"%{escaped(term)}%", escape="\\") for term in _terms(unspaced(sought))
    ]
    if connection.dialect.name == "postgresql":
        query = " & ".join(_lexemes(term) for term in _spaced(sought))
        if query:
            found.append(text("events.words @@ to_tsquery('simple', :words)").bindparams(words=query))
        return found or [false()]
    asked = match(sought)
    if not asked:
        return found or [false()]
    some = text("SELECT count(*) FROM (SELECT 1 FROM events_text WHERE events_text MATCH :words LIMIT :cap)")
    if connection.execute(some, {"words": asked, "cap": _COMMON}).scalar_one() < _COMMON:
        few = "events.seq IN (SELECT rowid FROM events_text WHERE events_text MATCH :words)"
        return [*found, text(few).bindparams(words=asked)]
    many = "EXISTS (SELECT 1 FROM events_text WHERE events_text MATCH :words AND rowid = events.seq)"
    return [*found, text(many).bindparams(words=asked)]


def match(sought: str | None) -> str:
    """The question to SQLite's index of words; empty when there is nothing it could know."""
    return " AND ".join(_fts_term(term) for term in _spaced(sought))


def unspaced(sought: str | None) -> str:
    """The terms the index of words does not know."""
    return " ".join(f'"{term}"' for term in _terms(sought) if _UNSPACED.search(term))


def spaced_only(sought: str | None) -> str | None:
    """The text itself when the index of words knows all of it."""
    return None if unspaced(sought) else sought


def escaped(term: str) -> str:
    """A term for LIKE, with a backslash before what means more there."""
    return re.sub(r"([\\%_])", r"\\\1", term)


def _terms(sought: str | None) -> list[str]:
    return [phrase or word for phrase, word in _TERM.findall(sought or "")]


def _spaced(sought: str | None) -> list[str]:
    return [term for term in _terms(sought) if not _UNSPACED.search(term) and re.search(r"\w", term)]


def _fts_term(term: str) -> str:
    prefix = "*" if term.endswith("*") else ""
    return '"' + term.rstrip("*").replace('"', '""') + '"' + prefix


def _lexemes(term: str) -> str:
    words = re.findall(r"\w+", term)
    return "(" + " <-> ".join(words) + (":*" if term.endswith("*") else "") + ")"
