"""Notebook Sched: schedule and parameterise notebooks without leaving JupyterLab."""

from __future__ import annotations

from typing import Any

from ._version import __version__

__all__ = ["__version__"]


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    """Where JupyterLab finds the front end."""
    return [{"src": "labextension", "dest": "jupyter-notebook-sched"}]


def _jupyter_server_extension_points() -> list[dict[str, Any]]:
    """Where Jupyter Server finds the extension."""
    from .app import NotebookSched

    return [{"module": "jupyter_notebook_sched", "app": NotebookSched}]
