"""The server extension: configuration becomes objects, and the parts are started and stopped."""

from .extension import NotebookSched

__all__ = ["NotebookSched"]
