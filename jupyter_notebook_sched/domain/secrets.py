"""Secrets by name: the environment variables that hold them, which no kernel is to find in its environment."""

from __future__ import annotations

import re
from collections.abc import Mapping

PREFIX = "NOTEBOOK_SCHED_SECRET_"
NAME = re.compile(r"[A-Za-z0-9_]{1,100}", re.ASCII)
SHORTEST = 4
"""Characters of the shortest value that is masked: shorter ones stand in too many words."""


def secrets_in(environment: Mapping[str, str]) -> dict[str, str]:
    """Name → value of those that an environment holds."""
    return {name[len(PREFIX) :]: value for name, value in environment.items() if name.startswith(PREFIX)}


def without_secrets(environment: Mapping[str, str]) -> dict[str, str]:
    """Secrets reach a notebook only as parameter values, and must not stand in any process's environment."""
    return {name: value for name, value in environment.items() if not name.startswith(PREFIX)}


def missing_secret(name: str) -> str:
    """A sentence for whoever asks for one that nobody knows."""
    return f"There is no secret {name}; set {PREFIX}{name} where the scheduler is started, or put it into the keyring."
