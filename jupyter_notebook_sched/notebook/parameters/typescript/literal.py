"""Values as TypeScript source: JavaScript's, and told to the compiler to be of any type where it would be strict."""

from __future__ import annotations

from ..javascript.literal import COMMENT, is_structure, literal

__all__ = ["COMMENT", "assignment", "literal"]


def assignment(name: str, text: str) -> str:
    return f"{name} = {text} as any;" if is_structure(text) else f"{name} = {text};"
