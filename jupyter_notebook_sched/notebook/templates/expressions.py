"""One template's expression: read by Jinja's parser, held against what is allowed, compiled when it is rendered.

To be imported only where a template is: it imports Jinja.
"""

from __future__ import annotations

import difflib
import functools
import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from jinja2 import TemplateError, TemplateSyntaxError, Undefined, nodes
from jinja2.parser import Parser

from ...domain.secrets import NAME
from .blocks import TemplateFault
from .filters import FILTERS
from .moments import ATTRIBUTES
from .sandbox import TESTS, sandbox

EARLY = ("scheduled_for", "run_id", "job_name")
LATE = ("attempt", "run_dir", "secret")
NAMES = (*EARLY, *LATE)
LONGEST = 2000
DEEPEST = 40
_PLAIN = (
    *(nodes.Const, nodes.Add, nodes.Sub, nodes.Mul, nodes.Div, nodes.FloorDiv, nodes.Mod, nodes.Neg, nodes.Pos),
    *(nodes.Not, nodes.And, nodes.Or, nodes.Compare, nodes.Operand, nodes.Concat, nodes.CondExpr, nodes.List),
    *(nodes.Tuple, nodes.Dict, nodes.Pair, nodes.Getitem, nodes.Slice, nodes.Keyword),
)


@dataclass(frozen=True)
class Expression:
    """``names``: those it mentions. ``secrets``: the names of the secrets that it asks for. ``texts``: those that are
    written out in it."""

    source: str
    names: frozenset[str]
    secrets: frozenset[str]
    texts: frozenset[str]

    @property
    def is_late(self) -> bool:
        """Whether it waits for an attempt's start."""
        return not self.names.isdisjoint(LATE)


@functools.lru_cache(maxsize=4096)
def expression_of(source: str) -> Expression:
    """TemplateFault where it cannot be read, or names what templates do not have."""
    tree = _parsed(source)
    names: set[str] = set()
    secrets: set[str] = set()
    texts: set[str] = set()
    for node, called, depth in _walk(tree):
        if depth > DEEPEST:
            raise TemplateFault("It is nested too deeply.")
        _check(node, called)
        if isinstance(node, nodes.Name):
            names.add(node.name)
        elif isinstance(node, nodes.Call):
            secrets.add(_secret_of(node))
        elif isinstance(node, nodes.Const) and isinstance(node.value, str):
            texts.add(node.value)
    return Expression(source, frozenset(names), frozenset(secrets), frozenset(texts))


@functools.lru_cache(maxsize=1024)
def evaluator(source: str) -> Callable[[Mapping[str, Any]], Any]:
    """What gives the expression's value from the values of its names; it raises whatever goes wrong."""
    expression_of(source)
    compiled = sandbox().compile_expression(source, undefined_to_none=False)

    def evaluate(names: Mapping[str, Any]) -> Any:
        result = compiled(**names)
        if isinstance(result, Undefined):
            str(result)  # raises, and says what there is not
        return result

    return evaluate


def _parsed(source: str) -> nodes.Expr:
    if len(source) > LONGEST:
        raise TemplateFault(f"It is longer than {LONGEST} characters.")
    if not source:
        raise TemplateFault("It is empty; write a name such as {{ scheduled_for }}.")
    try:
        parser = Parser(sandbox(), source, state="variable")
        tree = parser.parse_expression()
        if not parser.stream.eos:
            raise TemplateFault(f"It does not end where it should: {parser.stream.current.value!r} is left over.")
    except TemplateSyntaxError as error:
        raise TemplateFault(f"It cannot be read: {error.message}.") from None
    except (TemplateError, RecursionError, ValueError, OverflowError) as error:
        raise TemplateFault(f"It cannot be read ({type(error).__name__}).") from None
    return tree


def _walk(tree: nodes.Node) -> Iterator[tuple[nodes.Node, bool, int]]:
    """Every node, whether it is what a call calls, and its depth."""
    waiting: list[tuple[nodes.Node, bool, int]] = [(tree, False, 0)]
    while waiting:
        node, called, depth = waiting.pop()
        yield node, called, depth
        callee = node.node if isinstance(node, nodes.Call) else None
        waiting += [(child, child is callee, depth + 1) for child in node.iter_child_nodes()]


def _check(node: nodes.Node, called: bool) -> None:
    if isinstance(node, nodes.Name):
        _known("There is no", node.name, NAMES)
        if node.name == "secret" and not called:
            raise TemplateFault("secret is called with a name: secret('NAME').")
    elif isinstance(node, nodes.Getattr):
        if not isinstance(node.node, nodes.Name) or node.node.name in NAMES:  # else the name is told, not its attribute
            _known("A moment has no", node.attr, ATTRIBUTES)
    elif isinstance(node, nodes.Filter):
        _known("There is no filter", node.name, FILTERS)
        _check_arguments(node)
    elif isinstance(node, nodes.Test):
        _known("There is no test", node.name, TESTS)
    elif isinstance(node, nodes.Call):
        if not (isinstance(node.node, nodes.Name) and node.node.name == "secret"):
            raise TemplateFault("Nothing but secret('NAME') can be called; use a filter, such as scheduled_for | date.")
    elif not isinstance(node, _PLAIN):
        raise TemplateFault(f"{_called(node)} is not available in templates.")


def _check_arguments(node: nodes.Filter) -> None:
    named: dict[str, Any] = {str(keyword.key): None for keyword in node.kwargs}
    try:
        if node.dyn_args is not None or node.dyn_kwargs is not None:
            raise TypeError("* and ** are not available")
        inspect.signature(FILTERS[node.name]).bind(None, *node.args, **named)
    except TypeError as error:
        raise TemplateFault(f"The filter {node.name} cannot be used so: {error}.") from None


def _secret_of(node: nodes.Call) -> str:
    argument = node.args[0] if len(node.args) == 1 else None
    alone = not (node.kwargs or node.dyn_args or node.dyn_kwargs)
    if not alone or not isinstance(argument, nodes.Const) or not isinstance(argument.value, str):
        raise TemplateFault("secret takes one name, written out: secret('NAME').")
    if not NAME.fullmatch(argument.value):
        raise TemplateFault("A secret's name has letters, digits and underscores only.")
    return argument.value


def _known(what: str, name: str, offered: Mapping[str, Any] | frozenset[str] | tuple[str, ...]) -> None:
    if name not in offered:
        near = difflib.get_close_matches(name, offered, n=1)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(sorted(offered))}."
        raise TemplateFault(f"{what} {name}; {hint}")


def _called(node: nodes.Node) -> str:
    return "**" if isinstance(node, nodes.Pow) else type(node).__name__
