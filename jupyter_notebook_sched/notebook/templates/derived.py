"""Texts that a template made of secrets: whoever masks those must know these, too."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from ..parameters.model import Json
from .typed import as_json


def made_of_secrets(result: Any, given: Json, known: Collection[str]) -> list[str]:
    """``result``: what the expression gave; ``given``: what became of it in the value. Without ``known``: texts that
    stand in the template, or in what else it was rendered from, are no secrets however they were chosen."""
    made = [*_texts(result, names=True)]
    if isinstance(result, str):
        # One that says a structure, or a number in other words than Python's.
        made += _texts(given, names=False)
        made += [str(given)] if isinstance(given, int | float) and not isinstance(given, bool) else []
    elif isinstance(given, str) and isinstance(result, list | tuple | dict):
        made = [text for text in made if text not in known]
        made += [as_json(text)[1:-1] for text in made] + ([given] if made else [])
    return list(dict.fromkeys(text for text in made if text not in known))


def _texts(value: Any, names: bool) -> Iterator[str]:
    """All in it, as deep as they are; with those that name an object's members, or without."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _texts(item, names)
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from _texts(name, names) if names else ()
            yield from _texts(item, names)
