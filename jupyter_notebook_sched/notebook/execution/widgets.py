"""Widgets as nbclient plays their front end: their state, kept for the output notebook, and output widgets, which take
outputs away from cells. Only for notebooks that open comms: it costs nbclient's import."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nbclient import NotebookClient
from nbformat import from_dict

from .wire import Message


class Widgets:
    """``answer(kind, content, parent, metadata)`` tells the kernel something."""

    def __init__(self, answer: Callable[..., None] | None) -> None:
        empty = from_dict({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})  # type: ignore[no-untyped-call]
        self._front_end = NotebookClient(empty)
        self._front_end.reset_execution_trackers()
        self._front_end.kc = _Port(answer)  # type: ignore[assignment]

    def hear(self, message: Message) -> None:
        """A comm message."""
        if isinstance(message.content.get("data"), dict):
            self._front_end.handle_comm_msg([], message.as_client_dict(), 0)

    def take(self, message: Message, outputs: list[dict[str, Any]], index: int) -> bool:
        """Whether an output widget has taken that output, which then belongs to no cell."""
        hooks = self._front_end.output_hook_stack.get(message.answers)
        if not hooks or message.kind == "update_display_data":
            return False
        if message.kind == "clear_output":
            hooks[-1].clear_output(outputs, message.as_client_dict(), index)  # type: ignore[arg-type]
        else:
            hooks[-1].output(outputs, message.as_client_dict(), None, index)  # type: ignore[arg-type]
        return True

    def store_in(self, notebook: dict[str, Any]) -> None:
        """The state of all widgets, in the notebook's metadata, beside that of those which it shows from before."""
        self._front_end.set_widgets_metadata()
        if "widgets" in self._front_end.nb.metadata:
            known, metadata = self._front_end.nb.metadata["widgets"], notebook["metadata"]
            metadata["widgets"] = _together(metadata.get("widgets"), known)


def _together(before: Any, known: dict[str, Any]) -> dict[str, Any]:
    """Both are by media type, with the widgets' models below ``state``."""
    joined = dict(before) if isinstance(before, dict) else {}
    for kind, states in known.items():
        models = joined.get(kind, {}).get("state") if isinstance(joined.get(kind), dict) else None
        joined[kind] = states | {"state": (models if isinstance(models, dict) else {}) | states.get("state", {})}
    return joined


class _Port:
    """As much of jupyter_client's client as nbclient's widgets use: its session makes messages, its channel sends."""

    def __init__(self, answer: Callable[..., None] | None) -> None:
        self._answer = answer
        self.session = self.shell_channel = self

    def msg(self, kind: str, content: Any, parent: Any, metadata: Any) -> tuple[Any, ...]:
        return kind, content, parent, metadata

    def send(self, message: tuple[Any, ...]) -> None:
        if self._answer is not None:
            self._answer(*message)
