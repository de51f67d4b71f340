"""Values as R source, for base R alone.

An array of scalars of one kind is a vector, ``c(1, 2)``; any other is a ``list``; an object is a named list. R has
doubles where JSON has numbers, and no text with a NUL: what would arrive as something else is refused.
"""

from __future__ import annotations

import math
import re
from datetime import datetime, timezone
from fractions import Fraction

from ..formats import read_datetime
from ..model import Json, Parameter
from ..quoting import quoted, unicode_escape

LARGEST_INTEGER = 2**31 - 1
MOST_NESTED = 45  # R's parser has room for 50 open contexts

_SYNTACTIC = re.compile(r"(?:[a-zA-Z]|\.(?!\d))[\w.]*", re.ASCII)
_RESERVED = frozenset(
    {
        *("if", "else", "repeat", "while", "function", "for", "next", "break", "in", "TRUE", "FALSE", "NULL", "Inf"),
        *("NaN", "NA", "NA_integer_", "NA_real_", "NA_character_", "NA_complex_", "..."),
    }
)
_MISSING = {"string": "NA_character_", "integer": "NA_integer_", "number": "NA_real_"}
_EMPTY = {"string": "character(0)", "integer": "integer(0)", "number": "numeric(0)", "boolean": "logical(0)"}

COMMENT = "#"


def assignment(name: str, text: str) -> str:
    plain = _SYNTACTIC.fullmatch(name) and name not in _RESERVED
    return f"{name if plain else _text(name, '`')} <- {text}"


def literal(value: Json, parameter: Parameter, replaced: str) -> str:
    """Strings keep the quote of the text that is replaced. Raises ``ValueError`` for what R cannot hold."""
    found = re.search("['\"]", replaced)
    quote = found[0] if found is not None else '"'
    if parameter.type == "date" and isinstance(value, str):
        return f"as.Date({_text(value, quote)})"
    if parameter.type == "datetime" and isinstance(value, str):
        return _moment(read_datetime(value), quote)
    if value is None and parameter.python == "NA":
        return _MISSING.get(parameter.type, "NA")
    if value == [] and parameter.items in _EMPTY:
        return _EMPTY[parameter.items]
    integers = parameter.type == "integer" or parameter.items == "integer"
    text = _json(value, quote, integers, MOST_NESTED)
    return f"list({text[2:-1]})" if parameter.python == "list" and text.startswith("c(") else text


def _moment(moment: datetime, quote: str) -> str:
    """R stores seconds since 1970 and no offset: a moment that has one is told in UTC."""
    zone = ""
    if moment.tzinfo is not None:
        moment, zone = moment.astimezone(timezone.utc).replace(tzinfo=None), f", tz = {quote}UTC{quote}"
    return f"as.POSIXct({_text(moment.isoformat(' '), quote)}{zone})"


def _json(value: Json, quote: str, integers: bool, levels: int) -> str:
    if levels == 0:
        raise ValueError(f"It is nested more than {MOST_NESTED} deep, which R cannot read.")
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return _integer(value, integers)
    if isinstance(value, float):
        return _double(value)
    if isinstance(value, str):
        return _text(value, quote)
    if isinstance(value, list):
        items = [_json(item, quote, integers, levels - 1) for item in value]
        return f"{'c' if _is_vector(value) else 'list'}({', '.join(items)})"
    return _named_list({key: _json(item, quote, integers, levels - 1) for key, item in value.items()}, quote)


def _is_vector(values: list[Json]) -> bool:
    kinds = {_kind(value) for value in values}
    return len(kinds) == 1 and None not in kinds


def _kind(value: Json) -> str | None:
    if isinstance(value, bool):
        return "logical"
    return {int: "numeric", float: "numeric", str: "character"}.get(type(value))


def _named_list(items: dict[str, str], quote: str) -> str:
    if not items:
        return "structure(list(), names = character(0))"
    names = [_text(name, quote) for name in items]
    if "" in items:  # no argument may be called so, but an element may
        return f"structure(list({', '.join(items.values())}), names = c({', '.join(names)}))"
    return f"list({', '.join(f'{name} = {item}' for name, item in zip(names, items.values(), strict=True))})"


def _text(text: str, quote: str) -> str:
    if "\0" in text:
        raise ValueError("It holds a NUL character, which R texts cannot.")
    return quoted(text, quote, "", unicode_escape)


def _integer(value: int, integers: bool) -> str:
    if integers and abs(value) <= LARGEST_INTEGER:
        return f"{value}L"
    if abs(value) >= 2**1023 or int(float(value)) != value:
        raise ValueError("R cannot hold so large a whole number exactly; send it as a text.")
    return str(value) if abs(value) < 10**15 else _double(float(value))


def _double(value: float) -> str:
    """Decimal where R reads back the very same number, hexadecimal (as ``?NumericConstants`` allows) elsewhere."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Inf" if value > 0 else "-Inf"
    text = repr(value)
    return text if _reads_back(text) else value.hex()


def _reads_back(text: str) -> bool:
    """R reads the digits as one whole number, then scales it by a power of ten in long double, or in double.

    Exact whole number and power leave one rounding in double; through the 64 bits of a long double they leave two.
    """
    digits, _, exponent = text.lstrip("-").partition("e")
    whole, _, fraction = digits.partition(".")
    mantissa, scale = int(whole + fraction), int(exponent or 0) - len(fraction)
    if mantissa == 0:
        return True
    if mantissa >= 2**53 or abs(scale) > 22:
        return False
    exact = Fraction(mantissa) * Fraction(10) ** scale
    exponent_of_two = exact.numerator.bit_length() - exact.denominator.bit_length()
    if exact < Fraction(2) ** exponent_of_two:
        exponent_of_two -= 1
    unit = Fraction(2) ** (exponent_of_two - 63)
    return float(round(exact / unit) * unit) == float(exact)
