"""Secrets in what a kernel publishes: masked wherever an exact occurrence of one can stand."""

from __future__ import annotations

import html
import itertools
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_notebook_sched.notebook.execution.masking import MASK, OPEN, Masking
from jupyter_notebook_sched.notebook.execution.transcript import Transcript
from jupyter_notebook_sched.notebook.execution.wire import Message

SECRET = 'hun\'ter2 "\\n" <é>\nlast'
MASKING = Masking([SECRET, "passphrase", "phraseology", "54321"])
texts = st.text("pashreology1 \n", max_size=40)


class Heard:
    """A notebook of one cell, and what a kernel publishes while that runs."""

    def __init__(self, masking: Masking = MASKING) -> None:
        self.cell: dict[str, Any] = {"metadata": {}, "outputs": [], "source": "", "execution_count": None}
        self.notebook: dict[str, Any] = {"cells": [self.cell], "metadata": {}}
        self.transcript = Transcript(self.notebook, lambda index: None, None, masking)
        self.transcript.begin("request", 0)

    def publish(self, kind: str, **content: Any) -> None:
        self.transcript.publish(Message(kind, "request", {}, {}, {}, content, []))

    def print(self, text: str, name: str = "stdout") -> None:
        self.publish("stream", name=name, text=text)

    def saved(self) -> str:
        """As it would be saved now."""
        self.transcript.settle(more=True)
        return "".join(output.get("text", "") for output in self.cell["outputs"])

    def ended(self) -> Any:
        self.transcript.settle()
        return self.cell["outputs"]


@pytest.mark.parametrize(
    "shown",
    [
        SECRET,
        repr(SECRET),
        json.dumps(SECRET),
        json.dumps(SECRET, ensure_ascii=False),
        repr(SECRET.encode()),
        html.escape(SECRET),
        "hun&#39;ter2 &#34;\\n&#34; &lt;é&gt;\nlast",
        'hun\'ter2 "\\n" &lt;é&gt;\nlast',
        '\x1b[31mhun\x1b[0m\'ter2 "\x1b[1;32m\\n"\x1b[0m <é>\nlast',
    ],
)
def test_it_masks_a_secret_however_it_is_spelled(shown: str) -> None:
    masked = MASKING.text(f"before {shown} after {shown}")
    assert masked.count(MASK) == 2
    assert masked.startswith("before ")
    assert "ter2" not in masked


def test_it_leaves_short_ones_and_all_else_alone() -> None:
    assert not Masking(["abc", ""])
    assert Masking(["abc"]).text("abcabc") == "abcabc"
    assert OPEN.text(SECRET) == SECRET
    assert MASKING.text("\x1b[31mred\x1b[0m 5432") == "\x1b[31mred\x1b[0m 5432"


def test_secrets_that_overlap_leave_nothing_of_either() -> None:
    assert MASKING.text("<passphraseology>") == f"<{MASK}>"


def test_it_keeps_the_colours_around_a_secret() -> None:
    assert MASKING.text("\x1b[1mpass\x1b[31mphrase\x1b[0m!") == f"\x1b[1m{MASK}\x1b[31m\x1b[0m!"


def test_it_knows_one_without_the_line_break_that_its_file_ends_with() -> None:
    assert Masking(["from-a-file\n"]).text("from-a-file.") == f"{MASK}."


def test_it_shows_no_secret_itself() -> None:
    assert "passphrase" not in repr(MASKING)


@given(
    texts=st.lists(texts, max_size=3), cuts=st.lists(st.integers(0, 60), max_size=12), saves=st.sets(st.integers(0, 12))
)
def test_chunks_are_masked_as_if_they_came_at_once(texts: list[str], cuts: list[int], saves: set[int]) -> None:
    whole = "passphrase".join(texts)
    heard = Heard()
    places = sorted({0, len(whole), *(min(cut, len(whole)) for cut in cuts)})
    for number, (start, end) in enumerate(itertools.pairwise(places)):
        heard.print(whole[start:end])
        if number in saves:
            shown = heard.saved()
            assert MASKING.text(whole).startswith(shown.removesuffix(MASK)), "nothing that is masked later shows before"
    outputs = heard.ended()
    assert "".join(output["text"] for output in outputs) == MASKING.text(whole)


@given(
    texts=st.lists(texts, min_size=2, max_size=3),
    cuts=st.lists(st.integers(0, 60), min_size=1, max_size=8),
    between=st.lists(st.sampled_from(["stderr", "display", "save", "end", "nothing"]), min_size=1, max_size=4),
)
def test_what_comes_between_the_pieces_of_a_secret_hides_none_of_it(
    texts: list[str], cuts: list[int], between: list[str]
) -> None:
    whole = "passphrase".join(texts)
    heard = Heard()
    places = sorted({0, len(whole), *(cut % len(whole) for cut in cuts)})
    for (start, end), what in zip(itertools.pairwise(places), itertools.cycle(between), strict=False):
        heard.print(whole[start:end])
        if what == "stderr":
            heard.print(whole[start:end], what)
        elif what == "display":
            heard.publish("display_data", data={"text/plain": "between"}, metadata={})
        elif what == "save":
            heard.saved()
        elif what == "end":
            heard.ended()
    shown = "".join(output["text"] for output in heard.ended() if output.get("name") == "stdout")
    assert without_masks(shown) == without_masks(MASKING.text(whole))


def without_masks(text: str) -> str:
    """A secret in two outputs has a mask in each."""
    return text.replace(MASK, "")


def test_both_parts_of_a_secret_are_masked_whatever_stands_between() -> None:
    heard = Heard()
    heard.print("it is pass")
    assert heard.saved() == "it is "
    heard.print("an error\n", "stderr")
    heard.publish("display_data", data={"text/plain": "a picture"}, metadata={})
    assert heard.saved() == "it is an error\n"
    heard.print("phr")
    assert heard.saved() == "it is an error\n"
    heard.print("more", "stderr")
    heard.print("ase!\n")
    shown = [output.get("text", "-") for output in heard.ended()]
    assert shown == [f"it is {MASK}", "an error\n", "-", MASK, "more", f"{MASK}!\n"]


def test_the_parts_of_what_is_no_secret_stay_where_they_are() -> None:
    heard = Heard()
    heard.print("a pass")
    heard.print("an error\n", "stderr")
    heard.print("port")
    assert [output["text"] for output in heard.ended()] == ["a pass", "an error\n", "port"]


def test_two_secrets_that_overlap_are_masked_over_pieces_too() -> None:
    heard = Heard()
    heard.print("passphrase")
    heard.saved()
    heard.print("x", "stderr")
    heard.print("ology!")
    assert [output["text"] for output in heard.ended()] == [MASK, "x", f"{MASK}!"]


def test_a_secret_is_held_back_though_terminal_codes_are_cut_in_it() -> None:
    heard = Heard()
    for piece in ("<pass\x1b[3", "1mphr", "\x1b", "[0mase>"):
        heard.print(piece)
        assert heard.saved() in ("<", f"<{MASK}\x1b[31m\x1b[0m>")
    assert heard.ended()[0]["text"] == f"<{MASK}\x1b[31m\x1b[0m>"


def test_what_was_held_back_is_a_change_of_its_cell() -> None:
    """Else the bytes that were made of the cell before would be saved again, without it."""
    changed: list[int] = []
    heard = Heard()
    heard.transcript = Transcript(heard.notebook, changed.append, None, MASKING)
    heard.transcript.begin("request", 0)
    heard.print("it is pass")
    heard.saved()
    changed.clear()
    assert heard.ended()[0]["text"] == "it is pass"
    assert changed == [0]
    heard.ended()
    assert changed == [0]


@pytest.mark.parametrize("secret", ["aaaa", "a" * 5000, "ab" * 40 + "a", "x" * 20_000 + "y"])
def test_one_that_repeats_itself_is_masked_wherever_it_is_cut(secret: str) -> None:
    masking = Masking([secret])
    text = f"<{secret}{secret[1:]}>{secret[:-1]}"
    for cut in (2, 3, len(secret) // 2, len(secret), len(secret) + 1, len(text) - 1):
        heard = Heard(masking)
        heard.print(text[:cut])
        assert masking.text(text).startswith(heard.saved().removesuffix(MASK))
        heard.print(text[cut:])
        assert heard.ended()[0]["text"] == masking.text(text)
    assert masking.text(text).count("aaa") <= masking.text(secret[:-1]).count("aaa")


def test_a_save_does_not_show_what_may_become_a_secret() -> None:
    heard = Heard()
    heard.print("it is pass")
    assert heard.saved() == "it is "
    heard.print("phras")
    assert heard.saved() == "it is "
    heard.print("e and pass")
    assert heard.saved() == f"it is {MASK} and "
    assert heard.ended()[0]["text"] == f"it is {MASK} and pass"


def test_what_a_thread_prints_later_completes_no_secret() -> None:
    heard = Heard()
    heard.print("it is pass")
    heard.ended()
    heard.print("phrase!")
    assert heard.ended()[0]["text"] == f"it is {MASK}!"


def test_the_other_stream_does_not_wait() -> None:
    heard = Heard()
    heard.print("pass")
    heard.print("phrase", "stderr")
    assert [output["text"] for output in heard.ended()] == ["pass", "phrase"]


def test_displays_and_their_updates_are_masked() -> None:
    heard = Heard()
    data = {
        "text/plain": "passphrase",
        "text/html": ["<b>pass", "phrase</b>"],
        "application/json": {"passphrase": ["x passphrase", 54321, 5432, True]},
        "application/vnd.x+json": {"a": {"b": "passphrase"}},
        "image/svg+xml": "<text>passphrase</text>",
    }
    heard.publish("display_data", data=data, metadata={"m": "passphrase"}, transient={"display_id": "passphrase"})
    heard.publish("execute_result", data={"text/plain": 54321}, metadata={}, execution_count=3)
    first, second = heard.ended()
    assert "passphrase" not in json.dumps(first)
    assert first["data"]["text/html"] == f"<b>{MASK}</b>"
    assert first["data"]["application/json"] == {MASK: [f"x {MASK}", MASK, 5432, True]}
    assert second["data"] == {"text/plain": MASK}
    updated = {"text/plain": "now passphrase"}
    heard.publish("update_display_data", data=updated, metadata={}, transient={"display_id": "passphrase"})
    assert heard.ended()[0]["data"] == {"text/plain": f"now {MASK}"}


def test_errors_are_masked_over_the_lines_of_their_traceback() -> None:
    heard = Heard()
    heard.publish(
        "error", ename="passphrase", evalue="a passphrase", traceback=['first hun\'ter2 "\\n" <é>', "last one"]
    )
    (error,) = heard.ended()
    assert error == {"output_type": "error", "ename": MASK, "evalue": f"a {MASK}", "traceback": [f"first {MASK} one"]}


def test_what_has_been_cleared_leaves_nothing_behind() -> None:
    heard = Heard()
    heard.print("it is pass")
    heard.saved()
    heard.publish("clear_output", wait=True)
    heard.print("phrase")
    assert [output["text"] for output in heard.ended()] == ["phrase"]


def test_without_secrets_nothing_is_held_back_or_changed() -> None:
    heard = Heard(OPEN)
    content = {"data": {"text/html": ["a", "b"]}, "metadata": {}}
    heard.print("passphrase")
    assert heard.saved() == "passphrase"
    heard.publish("display_data", **content)
    assert heard.ended()[1]["data"] == content["data"]


def test_the_state_of_widgets_is_masked() -> None:
    heard = Heard()
    state = {"_model_module": "m", "_model_module_version": "1", "_model_name": "HTMLModel", "value": "a passphrase"}
    heard.publish("comm_open", comm_id="c", target_name="jupyter.widget", data={"state": state, "buffer_paths": []})
    heard.publish("comm_msg", comm_id="c", data={"method": "update", "state": {"more": ["passphrase"]}})
    heard.saved()
    heard.ended()
    (kept,) = heard.notebook["metadata"]["widgets"]["application/vnd.jupyter.widget-state+json"]["state"].values()
    assert (kept["state"]["value"], kept["state"]["more"]) == (f"a {MASK}", [MASK])
