"""The values that wait for an attempt's start: the templates that they were sent as, rendered anew, secrets and all."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import msgspec

from ..domain.secrets import PREFIX
from ..errors import Invalid
from ..host import keyrings
from ..notebook.execution.masking import OPEN, Masking
from ..notebook.parameters.literals import literal
from ..notebook.parameters.model import Parameter, ReadParameters
from ..notebook.templates import rendering
from .interface import Order

# What a literal puts around a text: quotes, and what stands before and behind them.
_INNER = re.compile(r"""[^'"`]*?(['"`]+)(.+)\1[^'"`]*""", re.DOTALL)


@dataclass(frozen=True)
class LateValues:
    """``values`` for the kernel; ``shown`` in their place wherever they are to be seen, secrets as their call.
    ``secret``: whether there are any."""

    secret: bool = False

    values: dict[str, Any] = field(default_factory=dict)
    shown: dict[str, Any] = field(default_factory=dict)
    masking: Masking = OPEN

    def shown_by(self, read: ReadParameters) -> ReadParameters:
        """The parameters, such that what is shown can stand in the place of their values."""
        return replace(read, parameters=rendering.as_shown(read.parameters, self.shown))


async def secrets_of(order: Order, given: Mapping[str, str]) -> dict[str, str]:
    """Name → value of the secrets that the order asks for: from the worker, from this process's own environment, from
    the keyring of this host; those that nobody knows are left out."""
    found = {}
    for name in order.late.rendering.secrets if order.late is not None else ():
        value = given.get(name, os.environ.get(PREFIX + name))
        if value is None:
            value = await asyncio.to_thread(keyrings.of_keyring, name)
        if value is not None:
            found[name] = value
    return found


def late_values(order: Order, read: ReadParameters, language: str, secrets: Mapping[str, str]) -> LateValues:
    """Invalid naming the parameter and the cause where one cannot be rendered, or does not fit."""
    if order.late is None:
        return LateValues()
    facts = {"run_id": order.run_id, "attempt": order.attempt, "run_dir": str(Path(order.output).parent)}
    templates = msgspec.json.decode(order.late.templates)
    made = rendering.at_attempt(read.parameters, templates, order.late.rendering, facts, secrets)
    hidden = {*secrets.values(), *made.derived}
    masking = Masking(hidden, _written(language, hidden)) if hidden else OPEN
    if made.errors:
        raise Invalid(masking.text(Invalid.fields(made.errors).message), "invalid_parameters")
    return LateValues(bool(order.late.rendering.secrets), made.values, made.shown, masking)


def _written(language: str, values: Iterable[str]) -> Iterable[str]:
    """The values as the language spells them between quotes."""
    for value in values:
        with suppress(Invalid):
            source = literal(language, value, Parameter("secret", "string"))
            inner = _INNER.fullmatch(source)
            yield source if inner is None else inner[2]
