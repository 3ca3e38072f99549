"""Numbers as they are said: words → value, value → words, and digits for words in running text.

Traps: "mười năm" is ten years (15 is "mười lăm"), "Năm Căn" is a place, "thứ tư" a weekday,
"tư" alone, "không" alone and "trăm" alone are no numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

_DIGITS = {
    "một": 1, "hai": 2, "ba": 3, "bốn": 4, "năm": 5,
    "sáu": 6, "bảy": 7, "bẩy": 7, "tám": 8, "chín": 9,
}  # fmt: skip
NUMBER_WORDS = frozenset((*_DIGITS, "mười", "không"))  # with which one may begin in words
SPOKEN = NUMBER_WORDS | {"tư"}  # with which one may begin that is written in digits
_AFTER_TENS = {
    "một": 1, "mốt": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "lăm": 5, "nhăm": 5,
    "sáu": 6, "bảy": 7, "bẩy": 7, "tám": 8, "chín": 9,
}  # fmt: skip
# "hai lăm" is 25 without "mươi"; "hai ba" may be "two or three" and is left to the date reader.
_SHORT_ENDS = {"mốt": 1, "tư": 4, "lăm": 5, "nhăm": 5}
_SCALES = {"nghìn": 1_000, "ngàn": 1_000}
_BIG_SCALES = {"triệu": 1_000_000, "tỷ": 1_000_000_000, "tỉ": 1_000_000_000}
_COMPOUND = frozenset(("mươi", "chục", "trăm", "nghìn", "ngàn", *_SHORT_ENDS))
_HALF = ("rưỡi", "rưởi", "rươi")
_LINKS = ("linh", "lẻ")

Read = tuple[int, int]  # value, index after it


def word_at(words: Sequence[str], i: int) -> str:
    try:
        return words[i] if i >= 0 else ""
    except IndexError:
        return ""


@lru_cache(maxsize=1 << 12)
def _digits(word: str) -> int | None:
    """Value of a token of ASCII digits, grouped or not; longer than 12 digits is no number."""
    if not word or not (word[0].isascii() and word[0].isdigit()) or len(word) > 16:
        return None
    plain = word.replace(".", "").replace(",", "")
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) <= 12 else None


def starts_number(word: str) -> bool:
    """May a number begin with this word?"""
    return word in NUMBER_WORDS or "0" <= word[:1] <= "9"


def below_hundred(words: Sequence[str], i: int) -> Read | None:
    word, following = word_at(words, i), word_at(words, i + 1)
    if word == "mười":
        ones = _AFTER_TENS.get(following, 0) if following != "mốt" else 0
        return 10 + ones, i + (2 if ones else 1)
    digit = _DIGITS.get(word)
    if digit is None:
        return None
    if following in ("mươi", "chục"):
        ones = _AFTER_TENS.get(word_at(words, i + 2), 0)
        return 10 * digit + ones, i + (3 if ones else 2)
    if digit > 1 and following in _SHORT_ENDS and not (digit == 5 and following == "tư"):
        return 10 * digit + _SHORT_ENDS[following], i + 2
    return digit, i + 1


def _below_thousand(words: Sequence[str], i: int) -> Read | None:
    word = word_at(words, i)
    hundreds = 0 if word == "không" else _DIGITS.get(word)
    if hundreds is None or word_at(words, i + 1) != "trăm":
        return below_hundred(words, i)
    value, i = 100 * hundreds, i + 2
    following = word_at(words, i)
    if following in _LINKS:
        ones = _DIGITS.get(word_at(words, i + 1)) or _SHORT_ENDS.get(word_at(words, i + 1))
        return (value + ones, i + 2) if ones else (value, i)
    if following in _HALF:
        return value + 50, i + 1
    rest = below_hundred(words, i)
    if rest is None or following == "năm" and rest[0] == 5:
        return value, i
    # "một trăm hai" is 120
    return (value + rest[0] * 10, rest[1]) if rest[0] < 10 else (value + rest[0], rest[1])


def _tail(words: Sequence[str], i: int, scale: int) -> Read:
    """What follows a scale word: a full group, "linh năm", "rưỡi", or one digit of the next."""
    following = word_at(words, i)
    if following in _HALF:
        return scale // 2, i + 1
    if following in _LINKS:
        ones = _DIGITS.get(word_at(words, i + 1))
        return (ones, i + 2) if ones else (0, i)
    rest = read_small(words, i, scale)
    if rest is None or following == "năm" and rest[0] == 5:
        return 0, i
    if rest[0] < 10 and rest[1] == i + 1 and following in _DIGITS:
        return rest[0] * scale // 10, rest[1]
    return rest


def read_small(words: Sequence[str], i: int, limit: int = 1_000_000_000_000) -> Read | None:
    """A number in words or digits at `i` up to thousands, below `limit`."""
    if not 0 <= i < len(words):
        return None
    word = words[i]
    if word in NUMBER_WORDS:
        digit = _DIGITS.get(word)
        if digit is not None and word_at(words, i + 1) not in _COMPOUND:
            return (digit, i + 1) if digit < limit else None
        group = _below_thousand(words, i)
    else:
        digits = _digits(word) if "0" <= word[0] <= "9" else None
        group = (digits, i + 1) if digits is not None else None
    if group is None or group[0] >= limit:
        return None
    value, i = group
    scale = _SCALES.get(word_at(words, i))
    if scale and scale < limit:
        rest, i = _tail(words, i + 1, scale)
        value = value * scale + rest
    return value, i


def read_number(words: Sequence[str], i: int) -> Read | None:
    """The longest number that starts at word `i` (lower case, one tone placement).

    Millions and billions are read too: "hai tỷ ba trăm triệu" → 2300000000.
    """
    first = read_small(words, i)
    if first is None:
        return None
    value, i = first
    total = 0
    while (scale := _BIG_SCALES.get(word_at(words, i))) is not None:
        total += value * scale
        i += 1
        following = word_at(words, i)
        if following in _HALF:
            return total + scale // 2, i + 1
        rest = read_small(words, i)
        if rest is None or following == "năm" and rest[0] == 5:
            return total, i
        value, i = rest
        if value < 10 and word_at(words, i) not in _BIG_SCALES and following in _DIGITS:
            return total + value * scale // 10, i
    return total + value, i


# --- value → words -------------------------------------------------------------------------------

_NAMES = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")


def _hundred_words(n: int, full: bool) -> list[str]:
    hundreds, rest = divmod(n, 100)
    tens, ones = divmod(rest, 10)
    words = [_NAMES[hundreds], "trăm"] if hundreds or full else []
    if tens == 0:
        if ones and words:
            words.append("linh")
        return words + ([_NAMES[ones]] if ones else [])
    words += ["mười"] if tens == 1 else [_NAMES[tens], "mươi"]
    if ones == 5:
        return [*words, "lăm"]
    if ones == 1 and tens > 1:
        return [*words, "mốt"]
    return words + ([_NAMES[ones]] if ones else [])


def number_words(n: int) -> str:
    """`n` (0 ≤ n < 10¹²) as it is read aloud in the north: 25 → "hai mươi lăm"."""
    if not 0 <= n < 10**12:
        raise ValueError("number_words reads 0 ≤ n < 10^12")
    if n == 0:
        return "không"
    words: list[str] = []
    for scale, name in ((10**9, "tỷ"), (10**6, "triệu"), (10**3, "nghìn"), (1, "")):
        group, n = divmod(n, scale) if scale > 1 else (n, 0)
        if group:
            words += _hundred_words(group, full=bool(words))
            words += [name] if name else []
    return " ".join(words)


# --- digits for words in running text ------------------------------------------------------------

_COUNTED_AFTER = frozenset(
    "ngày mùng mồng tháng quý thứ lúc số phẩy lần khóa điều khoản điểm tổ ấp khu nhóm".split()
)
_COUNTED = frozenset(
    "ngày tuần tháng quý giờ phút hộ tàu xã phường đơn người trường công điểm tổ ấp dự hồ "
    "tỷ tỉ triệu phần phẩy lần năm ki km héc hecta mét cây cơ cái chiếc trăm nghìn ngàn".split()
)


def _stands_alone(words: Sequence[str], i: int, value: int) -> bool:
    """Is the single word at `i` a number here? "năm" mostly is a year, "ba" and "tư" may not be."""
    word, before, after = words[i], word_at(words, i - 1), word_at(words, i + 1)
    if word == "một" and after in _NOT_ONE:
        return False
    if word == "năm" and starts_number(before):  # "mười năm năm tháng": ten years
        return False
    if word == "năm":
        return before in _COUNTED_AFTER or (after in _COUNTED and before not in _COUNTED)
    if word == "ba":
        return before in _COUNTED_AFTER or after in _COUNTED
    return value > 0


# "một số hộ", "một phần", "một cách": no count of one.
_NOT_ONE = frozenset("số nửa cách phần vài loạt chút ít".split())
_SPELT_OUT = 4  # so many digits in a row are a telephone's or a document's, no number


def _spelt_out(words: Sequence[str], i: int) -> bool:
    """Does word `i` stand in a row of single digits ("không chín một ba …")?"""
    first, last = i, i
    while last - i < _SPELT_OUT and (
        word_at(words, last) in _DIGITS or words[last : last + 1] == ["không"]
    ):
        last += 1
    while (
        i - first < _SPELT_OUT
        and first
        and (words[first - 1] in _DIGITS or words[first - 1] == "không")
    ):
        first -= 1
    return last > i and last - first >= _SPELT_OUT


def number_at(words: Sequence[str], i: int) -> Read | None:
    """A number in words at `i` that may be written in digits there ("Năm Căn" may not)."""
    word = words[i]
    if word not in SPOKEN or _spelt_out(words, i):
        return None
    if word == "tư" and word_at(words, i - 1) in ("tháng", "quý"):
        return 4, i + 1
    if word == "tư":
        return None
    read = read_small(words, i)
    if read is None or (read[1] == i + 1 and not _stands_alone(words, i, read[0])):
        return None
    return read


def digits_for_words(text: str) -> str:
    """`text` (lower case, without punctuation) with its numbers in digits; "tỷ", "triệu" stay."""
    words = text.split()
    out: list[str] = []
    i = 0
    while i < len(words):
        read = number_at(words, i)
        if read is None:
            out.append(words[i])
            i += 1
        else:
            out.append(str(read[0]))
            i = read[1]
    return " ".join(out)
