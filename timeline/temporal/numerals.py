"""Number words and digits → numbers, from the pack's own words."""

from collections.abc import Mapping, Sequence

Value = int | float | str | bool


class Numerals:
    """Reads the number phrases of one language: [words.number], [words.scale], [words.fraction], [words.vague]."""

    def __init__(self, classes: Mapping[str, Mapping[str, Value]], group: str, decimal: str) -> None:
        self._plain = _numeric(classes.get("number", {}))
        self._scales = _numeric(classes.get("scale", {}))
        self._fractions = _numeric(classes.get("fraction", {}))
        self._vague = frozenset(classes.get("vague", {}))
        self._longest = max((key.count(" ") + 1 for key in self._plain), default=1)  # "quatre-vingt" is three keys
        self._groups = frozenset(group)  # marks between thousands; a blank among them means nothing but a blank
        self._decimal = decimal

    def evaluate(self, keys: Sequence[str]) -> int | float | str | None:
        """The number a phrase says; "X" when it says no particular one; None when it is none."""
        if any(key in self._vague for key in keys) or " ".join(keys) in self._vague:
            return "X"
        if (read_out := self._read_out(keys)) is not None:
            return read_out
        total, current, ones = 0.0, 0.0, 0.0  # thousands and up, hundreds, what no scale has taken yet
        has_any = False
        digits: list[int] = []
        last: float | None = None  # the number word just read, when no scale came after it
        position = 0
        while position < len(keys):
            key, size = self._word(keys, position)
            if key.isdecimal():
                value, position = self._digits(keys, position)
                if value is None:
                    return None
                ones += value
                has_any = True
                continue
            if key in self._scales:
                scale = self._scales[key]
                if scale >= 1000:
                    total += max(current + ones, 1) * scale
                    current = 0
                else:
                    current += max(ones, 1) * scale
                ones, last = 0, None
            elif key in self._plain:
                value = self._plain[key]
                if last is not None and not _follows(last, value) and not (digits and len(key) == 1):
                    return None  # "six three" is no number
                last = value
                ones += value
                digits.append(int(value))
            elif key in self._fractions:
                ones += self._fractions[key]
            else:
                position += 1
                continue
            has_any = True
            position += size
        result = total + current + ones
        return None if not has_any else int(result) if result == int(result) else result

    def _read_out(self, keys: Sequence[str]) -> int | None:
        """Numerals of one character said one by one: 二〇二五, 二000."""
        if len(keys) < 2 or all(key.isdecimal() for key in keys):
            return None
        digits = [key if key.isdecimal() else self._digit(key) for key in keys]
        if len(digits) == 2 and all(digits) and int(digits[1]) == int(digits[0]) + 1:
            return int(digits[0])  # 两三天: two or three days
        return int("".join(digits)) if all(digits) and len("".join(digits)) < 13 else None

    def _digit(self, key: str) -> str:
        value = self._plain.get(key, 10) if len(key) == 1 else 10
        return str(int(value)) if value < 10 else ""

    def _word(self, keys: Sequence[str], at: int) -> tuple[str, int]:
        """The longest number word at a place, and how many keys it has ("quatre-vingt" has three)."""
        for size in range(min(self._longest, len(keys) - at), 1, -1):
            word = " ".join(keys[at : at + size])
            if word in self._plain:
                return word, size
        return keys[at], 1

    def _digits(self, keys: Sequence[str], at: int) -> tuple[float | None, int]:
        """A number in digits from `at` on, with grouping, decimals or a vulgar fraction: (it, the place after it)."""
        if len(keys[at]) > 15:
            return None, len(keys)
        value: float = int(keys[at])
        at += 1
        while (step := self._thousands(keys, at)) is not None:
            value = value * 1000 + int(keys[at + step])
            at += step + 1
        if at + 1 < len(keys) and keys[at] == self._decimal and keys[at + 1].isdecimal() and len(keys[at + 1]) < 15:
            value += int(keys[at + 1]) / 10 ** len(keys[at + 1])
            at += 2
        if at + 1 < len(keys) and keys[at] == "/" and keys[at + 1].isdecimal() and int(keys[at + 1][:9]):
            value, at = value / int(keys[at + 1][:9]), at + 2
        return value, at

    def _thousands(self, keys: Sequence[str], at: int) -> int | None:
        """How many marks stand before a group of three digits; None when there is no group."""
        for step in ([0] if " " in self._groups else []) + [1] * (at < len(keys) and keys[at] in self._groups):
            if at + step < len(keys) and len(keys[at + step]) == 3 and keys[at + step].isdecimal():
                return step
        return None

    def year(self, keys: Sequence[str]) -> int | None:
        """A year read out: "nineteen ninety-six", "two thousand and one", "nineteen oh five"."""
        values = [self._plain[key] for key in keys if key in self._plain]
        if not any(key in self._scales for key in keys) and len(values) > 1 and 10 <= values[0] < 30:
            rest = sum(values[1:])
            return int(values[0] * 100 + rest) if rest < 100 else None
        if len(keys) > 2 and values and 10 <= values[0] < 30 and self._scales.get(keys[1]) == 100:
            return int(values[0] * 100 + sum(values[1:]))
        number = self.evaluate(keys)
        return number if isinstance(number, int) and 1000 <= number < 3000 else None


def _follows(last: float, value: float) -> bool:
    """Whether a number word may follow another: twenty five, novecientos noventa, soixante-dix, fünf und zwanzig."""
    place = 1.0
    while last % (place * 10) == 0 and place < last:
        place *= 10
    return value < place or (last in (60, 80) and value < 20) or (last < 10 and value >= 20 and value % 10 == 0)


def _numeric(entries: Mapping[str, Value]) -> dict[str, float]:
    return {key: float(value) for key, value in entries.items() if isinstance(value, (int, float))}
