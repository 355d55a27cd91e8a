"""One document a line in, its timexes a line out: what `timeline extract --jsonl` prints."""

import json
from datetime import date, datetime

from timeline.errors import UsageError
from timeline.model import Mention
from timeline.temporal import extract

_NAMES = {
    "english": "en", "german": "de", "french": "fr", "spanish": "es", "italian": "it", "portuguese": "pt",
    "dutch": "nl", "polish": "pl", "russian": "ru", "ukrainian": "uk", "chinese": "zh", "japanese": "ja",
    "korean": "ko", "arabic": "ar", "persian": "fa", "turkish": "tr", "swedish": "sv", "estonian": "et", "greek": "el",
}  # fmt: skip


def tag_line(line: str) -> str:
    """A JSON line {"id", "lang", "dct", "text"} → {"id", "timexes": […]}. `ref_time`, when given, beats `dct`.

    Raises UsageError when the line is no such object.
    """
    try:
        fields = json.loads(line)
    except json.JSONDecodeError as error:
        raise UsageError(f"not a JSON line ({error}): give one object with id, lang, dct and text a line") from error
    if not isinstance(fields, dict) or not isinstance(fields.get("text"), str):
        raise UsageError("a line needs a JSON object with a text: give id, lang, dct and text")
    moment = _moment(fields.get("ref_time")) or _moment(fields.get("dct"))
    language = str(fields.get("lang") or "en").lower()
    mentions = extract(fields["text"], moment, _NAMES.get(language.partition("-")[0], language))
    timexes = [_timex(mention) for mention in mentions]
    return json.dumps({"id": fields.get("id"), "timexes": timexes}, ensure_ascii=False)


def _moment(value: object) -> date | datetime | None:
    if not isinstance(value, str) or not value:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError as error:
        raise UsageError(f"{value!r} is no ISO date: write YYYY-MM-DD or YYYY-MM-DDTHH:MM") from error
    return moment.replace(tzinfo=None) if len(value) > 10 else moment.date()


def _timex(mention: Mention) -> dict[str, str | int]:
    timex, why = mention.timex, mention.explanation
    out: dict[str, str | int] = {"start": mention.start, "end": mention.end, "text": mention.text}
    if timex is None:
        out |= {"type": "DATE", "value": ""}  # an impossible date: found, and without a value
    else:
        out |= {"type": timex.type.value, "value": timex.value}
        out |= {name: told for name in ("mod", "quant", "freq") if (told := getattr(timex, name)) is not None}
    counted = f", counted from {why.anchor} ({why.anchor_source.value})" if why.anchor else ""
    out["explanation"] = f"{why.rule}: {'; '.join(why.steps)}{counted}"
    return out
