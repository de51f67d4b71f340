"""PowerShell source as tokens. A double-quoted string in which something is expanded is an ``other_string``.

Beside the usual kinds there are ``variable`` and ``word``, which is a name of anything else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..tokens import Token

MOST_OF_TYPES = 200

SINGLE, DOUBLE = "'\u2018\u2019\u201a\u201b", '"\u201c\u201d\u201e'

_TOKEN = re.compile(
    rf"""
    (?P<space>(?:[ \t\f\v\u00a0\u0085]|`\r?\n)+)
  | (?P<newline>\r\n|\r|\n)
  | (?P<comment><\#.*?\#>|\#[^\r\n]*)
  | (?P<string>@[{SINGLE}][ \t]*\r?\n(?:.*?\r?\n)??[{SINGLE}]@
      |(?<!@)[{SINGLE}](?:[^{SINGLE}]|[{SINGLE}]{{2}})*[{SINGLE}])
  | (?P<here>@[{DOUBLE}][ \t]*\r?\n(?P<text>(?:.*?\r?\n)??)[{DOUBLE}]@)
  | (?P<quote>[{DOUBLE}])
  | (?P<number>(?:0[xX][0-9a-fA-F]+|0[bB][01]+|(?:\d+(?:\.(?!\.)\d*)?|\.\d+)(?:[eE][+-]?\d+)?)[a-zA-Z]{{0,4}}(?!\w))
  | (?P<variable>\$(?:\{{(?:`.|[^`}}])*\}}|(?:\w+:)?\w+|[$^?]))
  | (?P<open>[@$]?\(|@?\{{|\[)
  | (?P<close>[)\]}}])
  | (?P<separator>[;,])
  | (?P<operator>\?\?=|[-+*/%]=|\|\||&&|\+\+|--|\.\.|::|\?\?|-[a-zA-Z]\w*|[-+*/%=!|&<>.?:~^\\])
  | (?P<word>@?[^\W\d][\w-]*)
  | (?P<torn>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_IN_STRING = re.compile(rf"`.|\$\(|[{DOUBLE}]{{1,2}}", re.DOTALL)
_IN_EXPRESSION = re.compile(
    rf"`.|\#[^\r\n]*|[{SINGLE}](?:[^{SINGLE}]|[{SINGLE}]{{2}})*[{SINGLE}]|[(){DOUBLE}]", re.DOTALL
)
_CHARACTER = re.compile(r"\$\(\[char\]0x[0-9a-fA-F]{4}\)", re.IGNORECASE)  # as we spell what nobody could see
_EXPANDED = re.compile(r"(?<!`)(?:``)*\$[\w{(:$^?]")
_ON_NEXT_LINE = frozenset({"|", "||", "&&", "else", "elseif", "catch", "finally"})


def lex(cell: str, start: int) -> Iterator[Token]:
    """Tokens from ``start`` on, up to one that is torn; line breaks at which a statement goes on are left out."""
    held: list[Token] = []
    for token in _tokens(cell, start):
        if token.kind == "newline" or (held and token.kind == "comment"):
            held.append(token)
            continue
        if token.text.lower() not in _ON_NEXT_LINE:
            yield from held
        held = []
        yield token
    yield from held


def _tokens(cell: str, position: int) -> Iterator[Token]:
    while position < len(cell):
        found = _TOKEN.match(cell, position)
        assert found is not None
        kind, end = found.lastgroup or "torn", found.end()
        if kind == "quote":
            kind, end = _string(cell, end)
        elif kind in ("here", "text"):
            kind = "other_string" if expands(found["text"]) else "string"
        if kind != "space":
            yield Token(kind, cell[position:end], position, end)
        if kind == "torn":
            return
        position = end


def expands(text: str) -> bool:
    """Whether something is computed between two double quotes, other than a character by its number."""
    return _EXPANDED.search(_CHARACTER.sub("", text)) is not None


def _string(cell: str, start: int) -> tuple[str, int]:
    """Follows a string into its expressions and the strings in those; each ends with its own of the ``closers``."""
    position, closers = start, ['"']
    while closers:
        in_text = closers[-1] == '"'
        found = (_IN_STRING if in_text else _IN_EXPRESSION).search(cell, position)
        if found is None:
            return "torn", start
        position = found.end()
        if found[0].endswith("(") and found[0][0] != "`":
            closers.append(")")
        elif found[0] == ")" or (in_text and len(found[0]) == 1):
            closers.pop()
        elif len(found[0]) == 1 and not in_text:
            closers.append('"')
    return ("other_string" if expands(cell[start : position - 1]) else "string"), position


def continues(tokens: list[Token]) -> bool:
    """Whether PowerShell waits for more: behind an operator or a comma, and between a type and its variable."""
    if not tokens:
        return False
    last = tokens[-1]
    if last.kind == "operator":
        return last.text not in ("++", "--", "?", "*")
    typed = tokens[0].text == "[" and last.text == "]" and len(tokens) < MOST_OF_TYPES
    return last.text == "," or (typed and behind_types(tokens) == len(tokens))


def behind_types(tokens: list[Token]) -> int:
    """How many tokens the types and attributes in square brackets take with which these begin."""
    depth, end = 0, 0
    for place, token in enumerate(tokens):
        if depth == 0 and token.text != "[":
            break
        depth += {"open": 1, "close": -1}.get(token.kind, 0)
        if depth == 0:
            end = place + 1
    return end
