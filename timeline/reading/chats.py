"""Chats: one message a line, each anchored to its own moment; exports in text or JSON."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from timeline.model import DctSource, Evidence, Segment
from timeline.reading.content import Content, Source
from timeline.reading.dates import in_zone, make
from timeline.reading.decoding import decode

# "[06/11/2025, 14:12:03] Anna: …", "06.11.25, 14:12 - Anna: …", "2025-11-06T14:12:03Z <anna> …"
_STAMPED = re.compile(
    r"""
    ^[\u200e\u200f]?[\[(]?
    (?: (?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2}) | (?P<a>\d{1,2})[-/.](?P<b>\d{1,2})[-/.](?P<yy>\d{4}|\d{2}) )
    (?:,|T|\s|\s-)\s?
    (?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:[.,]\d{1,6})?)?
    (?:[\s\u202f]?(?P<half>[ap])\.?\s?m\.?)?
    (?:Z|[+-]\d\d:?\d\d|\s?UTC)?[\])]?(?:\s-|:)?\s+(?P<said>.*)$
    """,
    re.IGNORECASE | re.VERBOSE,
)
_SPEAKER = re.compile(r"^[\u200e\u200f]?(?:<(?P<nick>[^<>]{1,40})>\s*|(?P<name>[^:\n]{1,60}):\s)(?P<text>.*)$")
_LEVELS = {"TRACE", "DEBUG", "INFO", "NOTICE", "WARN", "WARNING", "ERROR", "CRITICAL", "FATAL"}
_HEAD_LINES = 40  # of a text file: enough to tell a chat from prose that happens to hold a time
_SHARE = 0.5
MAX_MESSAGES = 1_000_000


@dataclass(frozen=True, slots=True)
class Message:
    """One message: who, what, and when by its own clock."""

    who: str
    text: str
    at: datetime | None


def is_chat(text: str) -> bool:
    """Whether most of the first lines of a text carry a time."""
    lines = [line for line in text.split("\n", _HEAD_LINES)[:_HEAD_LINES] if line.strip()]
    stamped = [match["said"] for line in lines if (match := _STAMPED.match(line))]
    spoken = [said for said in stamped if (match := _SPEAKER.match(said)) and match["name"] not in _LEVELS]
    # In a log the time is what is stated; only where somebody speaks is it a mere frame.
    return len(stamped) >= 3 and len(stamped) >= _SHARE * len(lines) and len(spoken) >= _SHARE * len(stamped)


def read(source: Source) -> Content:
    """A chat exported as text."""
    decoded = decode(source.data, source.name)
    lines = decoded.text.split("\n")
    order, doubt = _date_order(lines, source.date_order)
    messages = list(_lines(lines, order))
    return _content(messages, source, "text/plain", (*decoded.notes, *doubt))


def from_json(exported: object, source: Source) -> Content | None:
    """A chat exported as JSON (Telegram, Slack, Discord, Messenger, Signal and their like); None when it is none."""
    messages = [message for item in json_messages(exported) if (message := _message(item, source.zone))]
    if not messages:
        return None
    title = str(exported.get("name") or exported.get("title") or "") if isinstance(exported, dict) else ""
    return replace(_content(messages, source, "application/json", ()), titles=(title,))


def json_messages(exported: object) -> list[Mapping[str, object]]:
    """The list of messages in an export, wherever it lies (two levels deep at most)."""
    if isinstance(exported, list):
        return [item for item in exported[:MAX_MESSAGES] if isinstance(item, dict) and _WHEN & item.keys()]
    if isinstance(exported, dict):
        if isinstance(exported.get("messages"), list):
            return json_messages(exported["messages"])
        chats = exported.get("chats")
        inner = chats.get("list") if isinstance(chats, dict) else chats
        if isinstance(inner, list):
            return [item for chat in inner if isinstance(chat, dict) for item in json_messages(chat)]
    return []


_WHEN = {"date", "ts", "timestamp", "timestamp_ms", "time", "created_at", "sent_at", "datetime", "date_unixtime"}
_WHO = ("from", "sender_name", "sender", "user", "author", "username", "name", "nick")
_WHAT = ("text", "content", "body", "message", "msg")


def _message(item: Mapping[str, object], zone: str | None) -> Message | None:
    text = next((found for key in _WHAT if (found := _text(item.get(key)))), "")
    who = next((found for key in _WHO if (found := _who(item.get(key)))), "")
    at = next((moment for key in sorted(_WHEN) if key in item and (moment := _moment(item[key], zone))), None)
    return Message(who, text, at) if text else None


def _text(value: object) -> str:
    """Telegram cuts a text into strings and objects where a link or a name stands."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, list):
        return "".join(
            piece if isinstance(piece, str) else _text(piece.get("text")) if isinstance(piece, dict) else ""
            for piece in value
        )
    return ""


def _who(value: object) -> str:
    if isinstance(value, dict):
        return next((str(value[key]) for key in ("nickname", "name", "username") if value.get(key)), "")
    return value if isinstance(value, str) else ""


def _moment(value: object, zone: str | None) -> datetime | None:
    """Seconds or milliseconds since 1970 (in UTC where the inbox has no zone), or ISO 8601 as it stands."""
    if isinstance(value, str):
        try:
            moment = datetime.fromisoformat(value.strip())
            return in_zone(moment, zone if moment.utcoffset() == timedelta() else None)
        except ValueError:
            pass
    try:
        seconds = float(str(value))
    except ValueError:
        return None
    seconds = seconds / 1000 if seconds > 1e11 else seconds
    is_moment = 0 < seconds < 1e11
    return in_zone(datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds), zone) if is_moment else None


def _lines(lines: Iterable[str], order: str) -> Iterator[Message]:
    who, at, said = "", None, list[str]()
    for line in lines:
        match = _STAMPED.match(line)
        if not match:
            said.append(line)
            continue
        if any(part.strip() for part in said):
            yield Message(who, "\n".join(said).strip(), at)
        speaker = _SPEAKER.match(match["said"])
        who = (speaker["nick"] or speaker["name"]).strip() if speaker else ""
        at = _stamp(match, order)
        said = [speaker["text"] if speaker else match["said"]]
    if any(part.strip() for part in said):
        yield Message(who, "\n".join(said).strip(), at)


def _stamp(match: re.Match[str], order: str) -> datetime | None:
    if match["y"]:
        day = make(int(match["y"]), int(match["m"]), int(match["d"]))
    else:
        year = int(match["yy"]) + (2000 if len(match["yy"]) == 2 else 0)
        first, second = int(match["a"]), int(match["b"])
        day = make(year, first, second) if order == "MDY" else make(year, second, first)
    hour, minute = int(match["hour"]), int(match["minute"])
    if match["half"]:
        hour = hour % 12 + (12 if match["half"].lower() == "p" else 0)
    if day is None or hour > 23 or minute > 59:
        return None
    return datetime.combine(day, time(hour, minute, min(59, int(match["second"] or 0))))


def _date_order(lines: Iterable[str], told: str | None) -> tuple[str, tuple[str, ...]]:
    """Day or month first: the stamps themselves decide, by a part over 12 or by running forward in time."""
    stamps = [match for line in lines if (match := _STAMPED.match(line)) and not match["y"]]
    if not stamps:
        return "DMY", ()
    if any(int(stamp["a"]) > 12 for stamp in stamps):
        return "DMY", ()
    if any(int(stamp["b"]) > 12 for stamp in stamps):
        return "MDY", ()
    forward = {order: _backsteps(stamps, order) for order in ("DMY", "MDY")}
    if forward["DMY"] != forward["MDY"]:
        return min(forward, key=lambda order: forward[order]), ()
    order = told if told in forward else "DMY"
    return order, () if told else ("day and month could be either way round: day first is taken",)


def _backsteps(stamps: Iterable[re.Match[str]], order: str) -> int:
    days: list[date] = [moment.date() for stamp in stamps if (moment := _stamp(stamp, order))]
    return sum(1 for before, after in pairwise(days) if after < before)


def _content(messages: list[Message], source: Source, media_type: str, notes: tuple[str, ...]) -> Content:
    pieces: list[str] = []
    segments: list[Segment] = []
    offset = 0
    for message in messages:
        line = f"{message.who}: {message.text}" if message.who else message.text
        if message.at:
            segments.append(Segment(offset, offset + len(line), message.at))
        pieces.append(line)
        offset += len(line) + 2
        if offset > source.max_text_chars:
            break
    moments = [message.at for message in messages if message.at]
    last = (Evidence(DctSource.HEADER, max(moments).date(), "time of the last message"),) if moments else ()
    return Content(
        text="\n\n".join(pieces),
        media_type=media_type,
        evidence=last,
        segments=tuple(segments),
        notes=notes,
        metadata={"messages": f"{len(messages)}"},
        is_prose=False,
    )
