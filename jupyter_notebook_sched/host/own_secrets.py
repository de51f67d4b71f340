"""The secrets of this process's own environment, which a server takes out of it: whatever it starts inherits the rest,
kernels that a person opens among them."""

from __future__ import annotations

import os

from ..domain.secrets import PREFIX, secrets_in, without_secrets

_taken: dict[str, str] = {}


def take() -> None:
    """From now on only the processes that are given ``environment()`` know them."""
    _taken.update(secrets_in(os.environ))
    for name in os.environ.keys() - without_secrets(os.environ).keys():
        del os.environ[name]


def known() -> dict[str, str]:
    """Name → value."""
    return _taken | secrets_in(os.environ)


def environment() -> dict[str, str]:
    """With the secrets: for the worker."""
    return {**os.environ, **{PREFIX + name: value for name, value in known().items()}}
