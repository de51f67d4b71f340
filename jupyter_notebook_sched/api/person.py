"""Who asks, as a record of it should name them."""

from __future__ import annotations

import getpass
import re
from typing import Any

LONGEST_NAME = 200
MADE_UP = re.compile(r"Anonymous \w+")
UNNAMED_ID = re.compile(r"[0-9a-f]{32}")


def name_of(user: Any) -> str:
    """``user``: the identity provider's (jupyter_server.auth.User). Behind a token or one password for all Jupyter
    Server makes a name up, another one each time; then it is the account that the server runs as."""
    name = " ".join(str(user.display_name or user.name or user.username).split())
    made_up = MADE_UP.fullmatch(name) and UNNAMED_ID.fullmatch(user.username)
    return (account() if made_up or not name else name)[:LONGEST_NAME]


def account() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container's user without a name
        return "unknown"
