"""Values as PowerShell source, for version 5 and later.

Objects are ordered tables, or plain ones where the cell has those; neither tells names apart by capitals alone.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

from ..model import Json, Parameter
from .lexing import DOUBLE, SINGLE
from .text import quoted

COMMENT = "#"

_PLAIN = re.compile(r"\w+")
_QUOTES = re.compile(f"[{SINGLE}{DOUBLE}]")


def assignment(name: str, text: str) -> str:
    braced = "${" + re.sub(r"[`{}]", r"`\g<0>", name) + "}"
    return f"{'$' + name if _PLAIN.fullmatch(name) else braced} = {text}"


def literal(value: Json, parameter: Parameter, replaced: str) -> str:
    """Strings keep the quote of the text that is replaced. Raises ``ValueError`` for what PowerShell cannot hold."""
    found = _QUOTES.search(replaced)
    quote = found[0] if found is not None else "'"
    if parameter.type in ("date", "datetime") and isinstance(value, str):
        return f"[{parameter.python if parameter.python == 'datetimeoffset' else 'datetime'}]{quoted(value, quote)}"
    return _json(value, quote, "@{" if parameter.python == "hashtable" else "[ordered]@{")


def _json(value: Json, quote: str, table: str) -> str:
    if value is None:
        return "$null"
    if isinstance(value, bool):
        return "$true" if value else "$false"
    if isinstance(value, int):
        return _integer(value)
    if isinstance(value, float):
        return _double(value)
    if isinstance(value, str):
        return quoted(value, quote)
    if isinstance(value, list):
        items = ", ".join(_json(item, quote, table) for item in value)
        apart = len(value) == 1 and isinstance(value[0], list)  # @( ) would take the one array in it apart
        return f"@(, {items})" if apart else f"@({items})"
    _refuse_alike(value)
    return table + "; ".join(f"{quoted(key, quote)} = {_json(item, quote, table)}" for key, item in value.items()) + "}"


def _refuse_alike(names: Iterable[str]) -> None:
    seen: dict[str, str] = {}
    for name in names:
        same = seen.setdefault("".join(map(_upper, name)), name)
        if same != name:
            raise ValueError(f"PowerShell does not tell the names {same} and {name} of a table apart; rename one.")


def _upper(character: str) -> str:
    return character.upper() if len(character.upper()) == 1 else character


def _integer(value: int) -> str:
    if -(2**63) < value < 2**63:
        return str(value)
    return f"[bigint]::Parse('{value}', [cultureinfo]::InvariantCulture)"


def _double(value: float) -> str:
    if math.isnan(value):
        return "[double]::NaN"
    if math.isinf(value):
        return f"[double]::{'Positive' if value > 0 else 'Negative'}Infinity"
    return repr(value)
