"""Values as JavaScript source. A whole number that a Number cannot hold exactly is written as a BigInt."""

from __future__ import annotations

import math
import re

from ..formats import read_datetime
from ..model import Json, Parameter
from ..quoting import quoted
from .value import is_exact

COMMENT = "//"


def assignment(name: str, text: str) -> str:
    # The compiler behind tslab would hold the members of an object against those of the one before.
    return f"{name} = /** @type {{any}} */ ({text});" if is_structure(text) else f"{name} = {text};"


def is_structure(text: str) -> bool:
    """Whether this literal is an object, or an array that holds one or another array."""
    return text.startswith("{") or (text.startswith("[") and ("{" in text or "[" in text[1:]))


def literal(value: Json, parameter: Parameter, replaced: str) -> str:
    """Strings keep the quote of the text that is replaced. Raises ``ValueError`` for what JavaScript cannot hold."""
    found = re.search("['\"`]", replaced)
    quote = found[0] if found is not None else '"'
    if parameter.type in ("date", "datetime") and isinstance(value, str):
        return f"new Date({_text(_moment(value), _plain(quote))})"
    if isinstance(value, int) and not isinstance(value, bool) and parameter.python == "bigint":
        return f"{value}n"
    numbers = [value] if parameter.type == "number" else value if parameter.items == "number" else []
    if isinstance(numbers, list) and any(isinstance(number, int) and not is_exact(number) for number in numbers):
        raise ValueError("A Number of JavaScript cannot hold so large a whole number exactly; declare a BigInt.")
    return _json(value, quote)


def _moment(text: str) -> str:
    if "T" not in text and " " not in text:
        return text
    if read_datetime(text).microsecond % 1000:
        raise ValueError("A Date of JavaScript holds milliseconds, no microseconds.")
    return text.replace(" ", "T")


def _json(value: Json, quote: str) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value) if is_exact(value) else f"{value}n"
    if isinstance(value, float):
        return _float(value)
    if isinstance(value, str):
        return _text(value, quote)
    if isinstance(value, list):
        return f"[{', '.join(_json(item, quote) for item in value)}]"
    return "{" + ", ".join(f"{_key(key, quote)}: {_json(item, quote)}" for key, item in value.items()) + "}"


def _key(key: str, quote: str) -> str:
    text = _text(key, _plain(quote))
    return f"[{text}]" if key == "__proto__" else text  # plainly it would set the prototype


def _plain(quote: str) -> str:
    return '"' if quote == "`" else quote


def _text(text: str, quote: str) -> str:
    return quoted(text, quote, "$" if quote == "`" else "", _escape)


def _escape(character: str) -> str:
    point = ord(character)
    if 0xD800 <= point <= 0xDFFF:
        raise ValueError("It holds half a surrogate pair, which is no character.")
    return f"\\u{point:04x}" if point < 0x10000 else f"\\u{{{point:x}}}"


def _float(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return repr(value)
