"""Markdown, formulas, code and terminal text as HTML."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from contextlib import suppress
from html import escape
from typing import Any

from latex2mathml.converter import convert
from nbconvert.filters.ansi import ansi2html
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.lexers.special import TextLexer
from pygments.util import ClassNotFound

LONGEST_FORMULA = 10_000
CODE = HtmlFormatter(cssclass="code")
_ONE_FORMULA = re.compile(r"\s*(\$\$?)(.+?)\1\s*", re.DOTALL)


def terminal(text: str) -> str:
    """As a terminal would show it at the end: colours, and lines that were written over."""
    if "\r" in text:
        text = "\n".join(line.rstrip("\r").rpartition("\r")[2] for line in text.split("\n"))
    if "\x08" in text:
        text = _taken_back(text)
    return str(ansi2html(text))  # type: ignore[no-untyped-call]


def _taken_back(text: str) -> str:
    """Each backspace takes the character before it, as far as its line goes back."""
    first, *others = text.split("\x08")
    kept = [first]
    for piece in others:
        while len(kept) > 1 and not kept[-1]:
            kept.pop()
        if kept[-1] and kept[-1][-1] != "\n":
            kept[-1] = kept[-1][:-1]
        kept.append(piece)
    return "".join(kept)


def code(source: str, lexer: Lexer) -> str:
    return str(highlight(source, lexer, CODE)) if source.strip() else ""


def lexer_of(metadata: Mapping[str, Any]) -> Lexer:
    """For the language that a notebook's metadata name; plain text where nobody knows it."""
    info, spec = (metadata.get(name) for name in ("language_info", "kernelspec"))
    named = [part.get(key) for part, key in ((info, "pygments_lexer"), (info, "name"), (spec, "language")) if part]
    for name in [name for name in named if isinstance(name, str)] or ["python"]:
        with suppress(ClassNotFound):
            return get_lexer_by_name(name)
    return TextLexer()


def markdown(source: str, attachments: Any = None) -> str:
    """As Jupyter shows it, formulas included; the source itself where it cannot be read."""
    try:
        renderer = _Renderer(escape=False, exclude_anchor_links=True, attachments=_pictures(attachments))
        return str(MarkdownWithMath(renderer=renderer).render(source))
    except Exception:  # mistune and its plugins fail in their own many ways, an attachment may be missing
        return f"<pre>{escape(source)}</pre>"


def latex(source: str) -> str:
    """An output that is LaTeX: one formula, with or without its dollars."""
    alone = _ONE_FORMULA.fullmatch(source)
    return formula(alone[2] if alone else source, block=True)


def formula(source: str, block: bool) -> str:
    """As MathML, which browsers draw themselves; as it is written where it cannot be converted."""
    if len(source) <= LONGEST_FORMULA:
        with suppress(Exception):  # latex2mathml's parser raises whatever comes to it
            return str(convert(source.strip(), display="block" if block else "inline"))
    return f'<code class="formula">{escape(source)}</code>'


class _Renderer(IPythonRenderer):
    def inline_math(self, body: str) -> str:
        return formula(body, block=False)

    def block_math(self, body: str) -> str:
        return formula(body, block=True)

    def latex_environment(self, name: str, body: str) -> str:
        return formula(f"\\begin{{{name}}}{body}\\end{{{name}}}", block=True)

    def block_mermaidjs(self, code: str) -> str:
        return f"<pre>{escape(code)}</pre>"


def _pictures(attachments: Any) -> dict[str, dict[str, str]]:
    """A cell's attachments, as far as they are what nbformat says."""
    if not isinstance(attachments, dict):
        return {}
    bundles = {name: bundle for name, bundle in attachments.items() if isinstance(bundle, dict)}
    return {
        name: {kind: escape(data) for kind, data in bundle.items() if isinstance(data, str)}
        for name, bundle in bundles.items()
    }


@functools.cache
def code_style() -> str:
    """The CSS for ``code``."""
    return str(CODE.get_style_defs(".code"))
