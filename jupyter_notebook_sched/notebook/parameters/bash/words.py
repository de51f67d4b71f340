"""Where a word of bash ends: quotes and expansions go on over spaces, and into each other."""

from __future__ import annotations

import re

_PLAIN = re.compile(
    r"""\\(?:\r\n|.)|'[^']*'|\$'(?:\\.|[^'\\])*'|\$?"|\$\(|\$\{|`|(?P<torn>\$?')|[ \t\r\n;&|<>()]""", re.DOTALL
)
_INSIDE = {
    '"': re.compile(r"""\\.|"|\$\(|\$\{|`""", re.DOTALL),
    "`": re.compile(r"\\.|`", re.DOTALL),
    "}": re.compile(r"""\\.|'[^']*'|\$'(?:\\.|[^'\\])*'|\$?"|\$\(|\$\{|`|(?P<torn>\$?')|\}""", re.DOTALL),
    ")": re.compile(
        r"""\\.|'[^']*'|\$'(?:\\.|[^'\\])*'|\$?"|\$\(|\$\{|`|(?P<torn>\$?')|(?<=\s)\#[^\n]*|[()]""", re.DOTALL
    ),
}
_ENDS = frozenset(" \t\r\n;&|<>()")
_CLOSERS = {'"': '"', '$"': '"', "$(": ")", "(": ")", "${": "}", "`": "`"}


def word_end(cell: str, start: int) -> int | None:
    """The end of the word that begins at ``start`` (``start`` itself where none does); None where a quote is open."""
    closers: list[str] = []
    position = start
    while True:
        found = (_INSIDE[closers[-1]] if closers else _PLAIN).search(cell, position)
        if found is None:
            return None if closers else len(cell)
        text, position = found[0], found.end()
        if found["torn"] if "torn" in found.re.groupindex else False:
            return None
        if not closers and text in _ENDS:
            return found.start()
        if closers and text == closers[-1]:
            closers.pop()
        elif text in _CLOSERS:
            closers.append(_CLOSERS[text])
