"""Python source that a person gives as a parameter's value, where the notebook declares that it takes source."""

from __future__ import annotations

import ast
import io
import tokenize

from .parsing import REFUSED, parsed, parsed_expression

_BINDING = (ast.NamedExpr, ast.Yield, ast.YieldFrom)


def is_expression(text: str) -> bool:
    """Whether ``x = text`` is one statement whatever follows it in its line, and binds only ``x``."""
    expression = parsed_expression(text)
    if expression is None:
        return False
    try:
        parsed(f"_ = {text.strip()}")
        depth = 0
        for token in tokenize.generate_tokens(io.StringIO(text.strip()).readline):
            depth += (token.string in ("(", "[", "{")) - (token.string in (")", "]", "}"))
            if token.type == tokenize.COMMENT and depth == 0:
                return False  # it would swallow what stands behind the value
        return not any(isinstance(node, _BINDING) for node in ast.walk(expression))
    except (*REFUSED, tokenize.TokenError):
        return False
