"""Values as words of bash. Each fits on one line without tabs, as an interactive bash behind a terminal needs it."""

from __future__ import annotations

import json
import math
import re

from ..model import Json, Parameter

_SAFE = re.compile(r"[A-Za-z_/.@%+,][A-Za-z0-9_/.@%+,:=-]*")
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "'": "\\'", "\\": "\\\\"}
_TO_ESCAPE = re.compile(r'[\\"$`]')

COMMENT = "#"


def assignment(name: str, text: str) -> str:
    return f"declare -A {name}={text}" if text.startswith("([") else f"{name}={text}"


def literal(value: Json, parameter: Parameter, replaced: str) -> str:
    """Texts keep the quotes of the word that is replaced. Raises ``ValueError`` for what bash cannot hold."""
    style = replaced[:1] if not replaced or replaced[0] in "\"'" else "" if _SAFE.fullmatch(replaced) else "'"
    if isinstance(value, dict) and parameter.type == "object":
        return f"({' '.join(f'[{_key(key)}]={_word(item)}' for key, item in value.items())})"
    if isinstance(value, list) and (parameter.type == "array" or _is_flat(value)):
        return f"({' '.join(map(_word, value))})"
    return _word(value, style if replaced else "'")


def _is_flat(value: list[Json]) -> bool:
    return not any(isinstance(item, list | dict | None) for item in value)


def _key(key: str) -> str:
    if not key:
        raise ValueError("It holds an empty name, which an array of bash cannot.")
    return _word(key)


def _word(value: Json, style: str = "'") -> str:
    if value is None:
        return "''"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _float(value)
    if isinstance(value, int):
        return str(value)
    return quoted(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False), style)


def _float(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return repr(value)


def quoted(text: str, style: str) -> str:
    """In quotes of this style, or none, where that is safe in scripts and at a prompt, else in those that are."""
    if "\0" in text:
        raise ValueError("It holds a NUL character, which texts of bash cannot.")
    if any(0xD800 <= ord(character) <= 0xDFFF for character in text):
        raise ValueError("It holds half a surrogate pair, which is no character.")
    if text.isprintable():
        if style == "" and _SAFE.fullmatch(text) and text not in ("true", "false"):
            return text
        recalls = "!" in text  # an interactive bash looks for earlier commands, even in double quotes
        if not recalls and (style == '"' or ("'" in text and not _TO_ESCAPE.search(text))):
            return '"' + _TO_ESCAPE.sub(r"\\\g<0>", text) + '"'
        if "'" not in text:
            return f"'{text}'"
    spelled = "".join(map(_escaped, text))
    if spelled.endswith("\\\\"):
        spelled = f"{spelled[:-2]}\\x5c"  # bash knows where this ends, but grammars that editors use do not
    return f"$'{spelled}'"


def _escaped(character: str) -> str:
    """Bytes, since what bash makes of ``\\u`` depends on the locale."""
    if character in _SHORT:
        return _SHORT[character]
    if character.isprintable():
        return character
    return "".join(f"\\x{byte:02x}" for byte in character.encode())
