"""Somebody's HTML as harmless markup: what is not known to be only text and its arrangement is left out.

The answer is written anew, never copied: tags of TAGS with attributes of ``_attributes``, everything else escaped.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from html.parser import HTMLParser

from .marking import text

CELLS = ("td", "th")
VOID = frozenset({"br", "hr", "img", "wbr"})
TAGS = (
    VOID
    | frozenset({"table", "thead", "tbody", "tfoot", "tr", "caption", *CELLS})
    | frozenset({"b", "strong", "i", "em", "u", "s", "small", "sub", "sup", "code", "kbd", "samp", "var"})
    | frozenset({"p", "div", "span", "pre", "blockquote", "ul", "ol", "li", "dl", "dt", "dd", "a", "abbr", "q", "cite"})
    | frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "figure", "figcaption"})
)
UNSEEN = frozenset({"script", "style", "template", "head", "title", "noscript", "iframe", "object", "svg", "math"})
DEEPEST = 100
_HEADING = re.compile(r"h[1-6]")
_PICTURE = re.compile(r"data:image/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]*\Z")


class Cleaned(HTMLParser):
    """``html``: what can be shown, and nothing where a script would have to draw it. ``cells``: the texts of the cells
    of its tables, in order; those at the positions ``marked`` get the class ``mark``."""

    def __init__(self, html: str, marked: Collection[int] = (), mark: str = "") -> None:
        super().__init__(convert_charrefs=True)
        self.cells: list[str] = []
        self._marked = marked
        self._mark = mark
        self._made: list[str] = []
        self._open: list[str] = []
        self._unseen: list[str] = []
        self._says_something = False
        try:
            self.feed(html)
            self.close()
        except AssertionError:  # what html.parser says of "<![" with anything else behind it
            self._says_something = False

    @property
    def html(self) -> str:
        if not self._says_something:
            return ""
        return "".join(self._made) + "".join(f"</{tag}>" for tag in reversed(self._open))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in UNSEEN:
            self._unseen.append(tag)
        if self._unseen or tag not in TAGS or len(self._open) >= DEEPEST:
            return
        given = _attributes(tag, dict(attrs))
        if tag == "img" and not given:
            return
        self._says_something = self._says_something or tag == "img"
        if tag in CELLS:
            given += f' class="{self._mark}"' if len(self.cells) in self._marked else ""
            self.cells.append("")
        self._made.append(f"<{_named(tag)}{given}>")
        if tag not in VOID:
            self._open.append(_named(tag))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """As browsers do: the slash says nothing."""
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if self._unseen:
            if tag in self._unseen:
                del self._unseen[self._unseen.index(tag) :]
            return
        if _named(tag) in self._open:
            closed = ""
            while closed != _named(tag):
                closed = self._open.pop()
                self._made.append(f"</{closed}>")

    def handle_data(self, data: str) -> None:
        if self._unseen:
            return
        self._made.append(text(data))
        self._says_something = self._says_something or bool(data.strip())
        if self.cells and not {*CELLS}.isdisjoint(self._open):
            self.cells[-1] += data


def _named(tag: str) -> str:
    """Headings would stand among those of the page."""
    return "p" if _HEADING.fullmatch(tag) else tag


def _attributes(tag: str, given: dict[str, str | None]) -> str:
    if tag in CELLS:
        spans = {name: given.get(name) or "" for name in ("colspan", "rowspan")}
        return "".join(
            f' {name}="{value}"' for name, value in spans.items() if re.fullmatch(r"[0-9]{1,3}", value, re.ASCII)
        )
    source = given.get("src") or ""
    if tag == "img" and _PICTURE.match(source):
        return f' src="{"".join(source.split())}" alt="{text(given.get("alt") or "")}"'
    return ""
