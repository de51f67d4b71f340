"""A notebook in a language that only a papermill translator knows, through the API."""

from __future__ import annotations

from pathlib import Path

import pytest

from ..written import write_notebook
from .asking import Api

TRANSLATORS = """
class Translator:
    translate = staticmethod(repr)
    assign = staticmethod("{} := {}".format)
    comment = staticmethod("* {}".format)
    @classmethod
    def codify(cls, parameters, comment="Parameters"):
        assigned = [cls.assign(name, repr(value)) for name, value in parameters.items()]
        return "\\n".join([cls.comment(comment), *assigned])

class Broken(Translator):
    @classmethod
    def codify(cls, parameters, comment="Parameters"):
        return None
"""


@pytest.fixture(autouse=True)
def _installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "site"
    told = folder / "pascal_translator-1.0.dist-info"
    told.mkdir(parents=True)
    (folder / "pascal_translator.py").write_text(TRANSLATORS)
    (told / "METADATA").write_text("Metadata-Version: 2.1\nName: pascal-translator\nVersion: 1.0\n")
    points = "pascal = pascal_translator:Translator\nbroken = pascal_translator:Broken\ngone = pascal_translator:Gone\n"
    (told / "entry_points.txt").write_text(f"[papermill.translators]\n{points}")
    monkeypatch.syspath_prepend(str(folder))


def written(workspace: Path, language: str) -> None:
    spec = {"name": "python3", "display_name": "Mine", "language": language}
    write_notebook(workspace / "p.ipynb", "writeln(a)", parameters="a := 5", kernelspec=spec)


async def test_it_reads_and_writes_through_a_translator(api: Api, workspace: Path) -> None:
    written(workspace, "pascal")
    found = (await api("GET", "parameters?notebook=p.ipynb")).ok()
    assert [(each["name"], each["type"], each["expression"]) for each in found["parameters"]] == [("a", "any", "5")]
    assert found["problems"] == []
    told = (await api("POST", "parameters/preview", {"notebook": "p.ipynb", "values": {"a": [1, "x"]}})).ok()
    assert told["source"] == "* Parameters\na := [1, 'x']"
    changed = {"notebook": "p.ipynb", "values": {"a": 6}, "last_modified": found["last_modified"]}
    assert (await api("PUT", "parameters", changed)).ok()["parameters"][0]["expression"] == "6"


async def test_it_tells_what_a_broken_translator_did(api: Api, workspace: Path) -> None:
    written(workspace, "broken")
    refused = await api("POST", "parameters/preview", {"notebook": "p.ipynb", "values": {"a": 6}})
    assert (refused.status, refused.body["reason"]) == (422, "translator_failed")
    written(workspace, "gone")
    found = (await api("GET", "parameters?notebook=p.ipynb")).ok()
    assert found["parameters"] == []
    assert "translator of gone" in found["problems"][0]["message"]
