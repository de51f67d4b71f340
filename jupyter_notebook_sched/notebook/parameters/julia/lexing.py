"""Julia source as tokens, and where its statements go on in the next line.

Blocks (``begin … end``) count as brackets. A string in which something is interpolated is an ``other_string``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..tokens import Token, nested_comment_end

_TOKEN = re.compile(
    r"""
    (?P<space>[ \t\f\u00a0]+)
  | (?P<newline>\r\n|\r|\n)
  | (?P<block_comment>\#=)
  | (?P<comment>\#[^\r\n]*)
  | (?P<prefixed>[^\W\d]\w*(?=\"))
  | (?P<quote>\"{3}|\")
  | (?P<command>`(?:\\.|[^`\\])*`)
  | (?P<character>'(?:\\[^\r\n][^'\r\n]*|[^'\\\r\n])')
  | (?P<number>0x[0-9a-fA-F_]+|0[bo][0-7_]+|(?:\d[\d_]*(?:\.(?![.\w])|\.\d[\d_]*)?|\.\d[\d_]*)(?:[eEf][+-]?\d+)?)
  | (?P<name>[^\W\d](?:\w|!(?!=))*)
  | (?P<operator>===|!==|>>>=|<<=|>>=|//=|\.{2,3}|[-+*/\\^%&|÷⊻:]=|[=!<>]=|=>|->|<:|>:|::|&&|\|\||\|>|//|>>>|<<|>>
      |\.?[-+*/\\^%&|÷⊻<>=!~?:.$@'√∈∉≤≥≠≈])
  | (?P<open>[(\[{])
  | (?P<close>[)\]}])
  | (?P<separator>[;,])
  | (?P<torn>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_COMMENT_EDGE = re.compile(r"#=|=#")
_IN_STRING = re.compile(r'\\.|\$\(?|"', re.DOTALL)
_IN_RAW = re.compile(r'\\*"')
_IN_INTERPOLATION = re.compile(r'[()"]')

_OPENERS = frozenset(
    ["begin", "if", "for", "while", "let", "try", "function", "macro", "module", "baremodule", "struct", "do", "quote"]
)
_VALUE_KINDS = frozenset({"name", "number", "string", "other_string", "close"})


def lex(cell: str, start: int) -> Iterator[Token]:
    """Tokens from ``start`` on, up to one that is torn."""
    position, brackets, previous = start, 0, Token("newline", "", start, start)
    while position < len(cell):
        found = _TOKEN.match(cell, position)
        assert found is not None
        assert found.lastgroup is not None
        kind, end = _whole(cell, found, previous)
        position = end
        if kind == "space":
            continue
        token = Token(kind, cell[found.start() : end], found.start(), end)
        brackets += {"open": 1, "close": -1}.get(kind, 0)
        if kind == "name" and brackets <= 0 and not _is_field_or_symbol(previous, token):
            token = Token(_block_kind(token.text, previous.text), token.text, token.start, token.end)
        previous = token
        yield token
        if kind == "torn":
            return


def _whole(cell: str, found: re.Match[str], previous: Token) -> tuple[str, int]:
    """The kind and the end of a token, those that no regular expression can follow included."""
    kind, end = found.lastgroup or "torn", found.end()
    if kind == "block_comment":
        closed = nested_comment_end(cell, end, _COMMENT_EDGE, "#=")
        return ("torn", end) if closed is None else ("space", closed)
    if kind == "quote":
        return _string(cell, found[0], end)
    if kind == "prefixed":
        quote = '"""' if cell.startswith('"""', end) else '"'
        closed = _raw_end(cell, quote, end + len(quote))
        return ("torn", end) if closed is None else ("other_string", closed)
    if kind == "character":
        transposes = previous.kind in _VALUE_KINDS and previous.end == found.start()
        return ("operator", found.start() + 1) if transposes else ("other_string", end)
    return ("other_string" if kind == "command" else kind), end


def _string(cell: str, quote: str, start: int) -> tuple[str, int]:
    """Follows a string into its interpolations and the strings in those; each ends with its own of the ``closers``."""
    position, kind, closers = start, "string" if quote == '"' else "other_string", [quote]
    while closers:
        in_text = closers[-1] != ")"
        found = (_IN_STRING if in_text else _IN_INTERPOLATION).search(cell, position)
        if found is None:
            return "torn", start
        position = found.end()
        if in_text and found[0].startswith("$"):
            kind = "other_string"
        if cell.startswith(closers[-1], found.start()):
            position = found.start() + len(closers.pop())
        elif found[0].endswith("("):
            closers.append(")")
        elif found[0] == '"' and not in_text:
            closers.append('"""' if cell.startswith('"""', found.start()) else '"')
            position = found.start() + len(closers[-1])
    return kind, position


def _raw_end(cell: str, quote: str, position: int) -> int | None:
    """Before a quote, backslashes count in pairs; anywhere else they stand for themselves."""
    for found in _IN_RAW.finditer(cell, position):
        if len(found[0]) % 2 == 1 and cell.startswith(quote, found.end() - 1):
            return found.end() - 1 + len(quote)
    return None


def _is_field_or_symbol(previous: Token, token: Token) -> bool:
    return previous.text in (":", ".") and previous.end == token.start


def _block_kind(name: str, before: str) -> str:
    if name in _OPENERS or (name == "type" and before in ("abstract", "primitive")):
        return "open"
    return "close" if name == "end" else "name"


def continues(tokens: list[Token]) -> bool:
    """Whether Julia waits for more: after an operator that takes a right-hand side, or a comma."""
    if not tokens:
        return False
    last = tokens[-1]
    return last.text == "," or (last.kind == "operator" and last.text not in ("'", "..."))
