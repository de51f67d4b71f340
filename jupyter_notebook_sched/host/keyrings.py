"""Secrets that the worker's environment does not hold: in the system's keyring, where the ``keyring`` package is
installed (an extra of this one), under the service ``notebook-sched`` and their name."""

from __future__ import annotations

import importlib
import importlib.util
import logging
import os
import threading
from collections.abc import Mapping

from ..domain.secrets import PREFIX

log = logging.getLogger(__name__)
SERVICE = "notebook-sched"
PATIENCE_SECONDS = 10.0


def secret(name: str, environment: Mapping[str, str] = os.environ) -> str | None:
    """The value of a secret here; None where there is none of that name. It may take PATIENCE_SECONDS."""
    found = environment.get(PREFIX + name)
    return found if found is not None else of_keyring(name)


def is_installed() -> bool:
    """Whether there may be secrets in a keyring."""
    return importlib.util.find_spec("keyring") is not None


def of_keyring(name: str) -> str | None:
    """None also where the keyring does not answer in time: it may be waiting for somebody to unlock it."""
    if not is_installed():
        return None
    found: list[str | None] = []
    asking = threading.Thread(target=lambda: found.append(_ask(name)), daemon=True)
    asking.start()
    asking.join(PATIENCE_SECONDS)
    if not found:
        log.warning("the keyring does not answer")
    return found[0] if found else None


def _ask(name: str) -> str | None:
    try:
        value = importlib.import_module("keyring").get_password(SERVICE, name)
    except Exception as error:  # a backend's own
        log.warning("the keyring cannot be used: %s", type(error).__name__)
        return None
    return value if isinstance(value, str) else None
