"""Texts between PowerShell's quotes."""

from __future__ import annotations

import re

from .lexing import DOUBLE, SINGLE

_HERE = re.compile(rf"@[{SINGLE}{DOUBLE}][ \t]*\r?\n(?P<text>.*?)(?:\r?\n)?[{SINGLE}{DOUBLE}]@", re.DOTALL)
_DOUBLED_SINGLE = re.compile(rf"[{SINGLE}]([{SINGLE}])")
_ESCAPES = r"`u\{(?P<hex>[0-9a-fA-F]{1,6})\}|\$\(\[(?i:char)\]0x(?P<unit>[0-9a-fA-F]{4})\)|`(?:\r\n|(?P<other>.))"
_IN_HERE = re.compile(rf"{_ESCAPES}|(?P<doubled>(?!))", re.DOTALL)
_IN_DOUBLE = re.compile(rf"{_ESCAPES}|[{DOUBLE}](?P<doubled>[{DOUBLE}])", re.DOTALL)
_SPECIAL = dict(zip("0abefnrtv", "\0\a\b\x1b\f\n\r\t\v", strict=True))
_SPELLED = {character: f"`{letter}" for letter, character in _SPECIAL.items() if letter != "e"}  # not in version 5


def decode(text: str) -> str | None:
    """What a string token means; None for what is no character."""
    here = _HERE.fullmatch(text)
    inner = here["text"] if here is not None else text[1:-1]
    if (text[1] if here is not None else text[0]) in SINGLE:
        return inner if here is not None else _DOUBLED_SINGLE.sub(r"\1", inner)
    try:
        escapes = _IN_HERE if here is not None else _IN_DOUBLE
        return escapes.sub(_character, inner).encode("utf-16-le", "surrogatepass").decode("utf-16-le")
    except ValueError:
        return None


def _character(escape: re.Match[str]) -> str:
    if escape["doubled"] is not None:
        return escape["doubled"]
    if escape["other"] is not None:
        return _SPECIAL.get(escape["other"], escape["other"])
    digits = escape["hex"] or escape["unit"]
    return chr(int(digits, 16)) if digits is not None else "\n"


def quoted(text: str, quote: str) -> str:
    """In these quotes, or in double ones where something has to be spelled out. Raises ``ValueError``."""
    if any(0xD800 <= ord(character) <= 0xDFFF for character in text):
        raise ValueError("It holds half a surrogate pair, which is no character.")
    if text.isprintable() and quote in SINGLE:
        return f"'{re.sub(f'[{SINGLE}]', lambda found: found[0] * 2, text)}'"
    return f'"{"".join(map(_spelled, text))}"'


def _spelled(character: str) -> str:
    if character in "`$#" or character in DOUBLE:  # the last of these for grammars that see a comment there
        return f"`{character}"
    if character.isprintable():
        return character
    units = character.encode("utf-16-be").hex()
    spelled = "".join(f"$([char]0x{units[place : place + 4]})" for place in range(0, len(units), 4))
    return _SPELLED.get(character, spelled)
