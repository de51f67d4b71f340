"""Texts between quotes, the same way in every language that escapes with a backslash."""

from __future__ import annotations

from collections.abc import Callable

_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def quoted(text: str, quote: str, special: str, unprintable: Callable[[str], str]) -> str:
    """``text`` in ``quote``s: backslash, quote and ``special`` characters escaped, the unprintable spelled out.

    What a person can read stays as it is, in any script: notebooks are UTF-8.
    """
    escaped = {quote, "\\", *special}
    if text.isprintable() and not escaped & set(text):
        return f"{quote}{text}{quote}"
    return quote + "".join(_spelled(character, escaped, unprintable) for character in text) + quote


def _spelled(character: str, escaped: set[str], unprintable: Callable[[str], str]) -> str:
    if character in escaped:
        return f"\\{character}"
    if character.isprintable():
        return character
    return _SHORT.get(character) or unprintable(character)


def unicode_escape(character: str) -> str:
    """``\\u`` with four digits or ``\\U`` with eight, so that no digit after it can be taken for one of its own.

    Raises ``ValueError`` for half a surrogate pair, which is no character.
    """
    point = ord(character)
    if 0xD800 <= point <= 0xDFFF:
        raise ValueError("It holds half a surrogate pair, which is no character.")
    return f"\\u{point:04x}" if point < 0x10000 else f"\\U{point:08x}"
