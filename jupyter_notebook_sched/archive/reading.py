"""Archived files, opened to be read. A run's folder is open to the notebook that runs: what it put there may be no
file, or be taken away again at any moment."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import BinaryIO

from ..errors import NotFound

AS_IT_IS = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def opened(file: Path, path: str) -> BinaryIO:
    """``path``: what the file is called in the archive. NotFound where there is no file that can be read; links are not
    followed."""
    try:
        descriptor = os.open(file, AS_IT_IS)
    except PermissionError:  # a notebook may have left it so
        raise NotFound(f"the file {path!r} in the archive cannot be read") from None
    except (OSError, ValueError):
        raise NotFound(f"there is no file {path!r} in the archive") from None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise NotFound(f"there is no file {path!r} in the archive")
    return os.fdopen(descriptor, "rb")
