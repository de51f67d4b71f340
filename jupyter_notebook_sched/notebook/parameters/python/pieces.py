"""A cell that Python's parser refuses as a whole, cut into its top-level statements, so that the rest can be read.

Only the shape of the text is looked at: strings, comments, brackets, continued lines, indentation. A piece that never
closes (a bracket, a triple quote) is cut after its first line, which then fails alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..offsets import NEWLINE

TOKEN = re.compile(
    r"""
    (?P<string>\"{3}(?:\\.|[^\\])*?\"{3} | '{3}(?:\\.|[^\\])*?'{3} | "(?:\\.|[^"\\\r\n])*" | '(?:\\.|[^'\\\r\n])*')
  | (?P<torn>\"{3} | '{3})
  | (?P<comment>\#[^\r\n]*)
  | (?P<continued>\\(?:\r\n|\r|\n))
  | (?P<newline>\r\n|\r|\n)
  | (?P<open>[(\[{])
  | (?P<close>[)\]}])
  | (?P<other>[^"'\#\\\r\n()\[\]{}]+ | .)
    """,
    re.VERBOSE | re.DOTALL,
)
_BLANK = re.compile(r"[ \t\f]*(?:#[^\r\n]*)?(?:[\r\n]|\Z)")
_COMPOUND = re.compile(r"(?:async|class|def|for|if|match|try|while|with)\b|@")
_CLAUSE = re.compile(r"(?:else|elif|except|finally)\b")


def pieces(text: str) -> Iterator[tuple[int, int]]:
    """The start and end of each top-level statement, in order, blank and comment lines between them left out."""
    start = 0
    while start < len(text):
        end = _logical_line_end(text, start)
        if _BLANK.match(text, start):
            start = end
            continue
        end = _with_its_block(text, start, end)
        yield start, end
        start = end


def _with_its_block(text: str, start: int, end: int) -> int:
    """Where the statement ends whose first logical line is given: past its body and its clauses."""
    if not _COMPOUND.match(text, start):
        return end
    decorated, position = text.startswith("@", start), end
    while position < len(text):
        following = _logical_line_end(text, position)
        if not _BLANK.match(text, position):
            belongs = decorated or text[position] in " \t\f" or _CLAUSE.match(text, position)
            if not belongs:
                break
            decorated = text.startswith("@", position)
            end = following
        position = following
    return end


def _logical_line_end(text: str, start: int) -> int:
    depth = 0
    for token in TOKEN.finditer(text, start):
        kind = token.lastgroup
        if kind == "open":
            depth += 1
        elif kind == "close":
            depth = max(depth - 1, 0)
        elif kind == "torn":
            break
        elif kind == "newline" and depth == 0:
            return token.end()
    else:
        if depth == 0:
            return len(text)
    newline = NEWLINE.search(text, start)
    return newline.end() if newline else len(text)
