"""The page of a comparison: whole, harmless, readable, whatever the two notebooks hold."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_notebook_sched.notebook.comparing.comparison import Setting, compare
from jupyter_notebook_sched.notebook.comparing.page.clean_html import TAGS, VOID, Cleaned
from jupyter_notebook_sched.notebook.comparing.page.document import Heading, SideFacts, page
from jupyter_notebook_sched.notebook.comparing.page.line_rows import line_rows
from jupyter_notebook_sched.notebook.comparing.page.room import MOST_LINES, MOST_PICTURES, Room
from jupyter_notebook_sched.notebook.comparing.page.styles import COLOURS, ON_TEXT, Theme
from jupyter_notebook_sched.notebook.comparing.sides import side_of
from jupyter_notebook_sched.notebook.document import read_notebook

from ..written import document

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<img src='data:image/png;base64,AAAA' onload=alert(1)>",
    "<img src='data:image/svg+xml,<svg onload=alert(1)>'>",
    "</div></section></main><h1>owned",
    "<table><tr><td colspan=2 style='position:fixed'>x</td><td onclick=x>y</table>",
    "<a href=javascript:alert(1)>x</a><a href=http://evil.example>y</a>",
    "<svg><script>alert(1)</script></svg><math><mtext></math>",
    "<style>body{display:none}</style><link rel=stylesheet href=http://evil.example>",
    "<iframe srcdoc='<script>1</script>'></iframe><object data=x></object><base href=http://evil.example>",
    "<![CDATA[x]]><![if IE]>y<!-- z --!><!-- \"'><?php x ?>",
    "<meta http-equiv=refresh content='0;url=http://evil.example'><form action=http://evil.example><input>",
    "&lt;script&gt;&#60;b&#62;&quot;&nope;",
    "\x00\x1b\x7f\ud800\u2028]]>-->",
    "plain",
]
HTML = st.lists(st.sampled_from(HOSTILE) | st.text(alphabet="<>/&;!-[]\"'= abdimprstvx", max_size=20), max_size=5).map(
    "".join
)
KNOWN = {"class", "id", "href", "src", "alt", "colspan", "rowspan", "lang", "charset", "http-equiv", "content", "name"}
KNOWN |= {"aria-label", "aria-labelledby", "scope", "role"}


class Read(HTMLParser):
    """Every tag of a page; that each is closed where it has to be."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.texts: list[tuple[str, str]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID | {"meta"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append((self.open[-1] if self.open else "", data))

    def all(self, name: str) -> list[str]:
        """The values of an attribute."""
        return [attributes[name] or "" for _, attributes in self.tags if name in attributes]


def notebook(source: str, html: str, text: str) -> dict[str, Any]:
    made = document(source, "same()")
    data = {"text/html": html, "text/plain": text}
    made["cells"][0]["outputs"] = [
        {"output_type": "display_data", "metadata": {}, "data": data},
        {"output_type": "stream", "name": html, "text": text},
        {"output_type": "display_data", "metadata": {}, "data": {"image/png": text}},
        {"output_type": "display_data", "metadata": {}, "data": {"image/svg+xml": html}},
        {"output_type": "display_data", "metadata": {}, "data": {html: text}},
        {"output_type": "error", "ename": html, "evalue": text, "traceback": [html]},
    ]
    made["cells"][0]["metadata"] = {html: text}
    made["metadata"][text] = html
    return read_notebook(json.dumps(made).encode())


def page_of(left: dict[str, Any], right: dict[str, Any], word: str = "", theme: Theme = "light") -> str:
    settings = [Setting(word, "changed", word, [word]), Setting("x", "added", None, 1)]
    heading = Heading(word, SideFacts(word, [word]), SideFacts("This run"), [("Parameters", settings)], [word])
    return "".join(page(compare(side_of(left), side_of(right)), heading, theme))


@given(HTML, HTML)
def test_it_makes_a_page_that_holds_nothing_active_whatever_is_in_the_notebooks(one: str, other: str) -> None:
    made = page_of(notebook(one, other, one), notebook(other, one + other, other), one)
    made.encode()
    read = Read(made)
    assert not read.open
    names = {tag for tag, _ in read.tags}
    assert names <= TAGS | {"html", "head", "meta", "title", "style", "body", "header", "main", "nav", "section"} | {
        *("details", "summary", "mark", "del", "ins")
    }
    assert {name for _, attributes in read.tags for name in attributes} <= KNOWN
    assert all(source.startswith("data:image/") for source in read.all("src"))
    ids = read.all("id")
    assert len(ids) == len(set(ids))
    assert {*read.all("href")} <= {f"#{each}" for each in ids}, "links lead inside only"
    assert {*read.all("aria-labelledby")} <= {*ids}
    assert "default-src 'none'" in made


@given(HTML)
def test_it_keeps_of_html_only_known_tags_balanced(html: str) -> None:
    cleaned = Cleaned(html).html
    read = Read(cleaned)
    assert not read.open
    assert {tag for tag, _ in read.tags} <= TAGS
    assert {name for _, attributes in read.tags for name in attributes} <= {"src", "alt", "colspan", "rowspan"}
    assert all(re.fullmatch(r"data:image/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/=]*", src) for src in read.all("src"))
    assert Cleaned(cleaned).html == cleaned


LINES = st.lists(st.sampled_from(["a", "b <i>", "c & d", "", "  e"]), max_size=30).map("\n".join)


@given(LINES, LINES)
def test_it_shows_every_line_of_both_in_its_place(left: str, right: str) -> None:
    class Columns(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.columns: list[list[str | None]] = [[], []]
            self.at = 0

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            if ("class", "row") in attrs:
                self.at = -1
            if tag == "code":
                self.at += 1
                self.columns[self.at].append(None if ("class", "none") in attrs else "")

        def handle_data(self, data: str) -> None:
            if self.cdata_open and self.columns[self.at]:
                self.columns[self.at][-1] = (self.columns[self.at][-1] or "") + data

        cdata_open = False

    shown = "".join(line_rows(left, right, Room()))
    columns = Columns()
    for piece in re.split(r"(</?code[^>]*>)", shown):
        columns.cdata_open = piece.startswith("<code") or (columns.cdata_open and not piece.startswith("</code"))
        columns.feed(piece)
    texts = ["\n".join(line for line in column if line is not None) for column in columns.columns]
    wanted = [re.sub(r"\n\Z", "", text) for text in (left, right)]
    assert texts == (wanted if left != right else [wanted[0], ""])


def test_it_marks_the_cells_of_a_table_that_differ() -> None:
    table = "<table><tr><th>us</th><td>{}</td><td>3</td></tr></table>"
    made = page_of(notebook("x", table.format(1), "a"), notebook("x", table.format(2), "b"))
    assert '<th>us</th><td class="del">1</td><td>3</td>' in made
    assert '<th>us</th><td class="ins">2</td><td>3</td>' in made


def test_it_says_that_a_script_would_have_to_draw_an_output() -> None:
    left, right = notebook("x", "<div></div><script>draw(1)</script>", "Chart(1)"), notebook("x", "<b>y</b>", "y")
    for each in (left, right):
        del each["cells"][0]["outputs"][1:]
        each["cells"][0]["metadata"] = each["metadata"] = {}
    made = page_of(left, right)
    assert "Drawn by a script" in made
    assert "Chart(1)" in made
    assert "draw(1)" not in made


def test_it_folds_what_is_the_same_and_links_what_is_not() -> None:
    before, after = document("a = 1", *"bcdef", "g = 1"), document("a = 2", *"bcdef", "g = 2")
    made = page_of(*(read_notebook(json.dumps(each).encode()) for each in (before, after)))
    assert "5 cells that are the same: Cell 2 to Cell 6" in made
    assert '<a href="#change-2">Next</a>' in made
    assert '<a href="#change-1">Previous</a>' in made
    same = page_of(*(read_notebook(json.dumps(before).encode()) for _ in range(2)))
    assert "No cell differs" in same
    assert "change-1" not in same


def test_it_shows_no_more_than_it_has_room_for_and_says_so() -> None:
    room = Room()
    rows = "".join(line_rows("x\n" * (MOST_LINES + 5), "", room))
    assert rows.count('class="row"') == MOST_LINES
    assert room.full
    large = "A" * (MOST_PICTURES + 4)
    made = page_of(notebook("x", "", large), notebook("x", "", "AAAA"))
    assert "too large for this page" in made
    assert "This page does not show everything" in made
    assert len(made) < MOST_PICTURES


def luminance(colour: str) -> float:
    """As WCAG 2.2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_can_be_read_in_both_themes(theme: Theme) -> None:
    colours = COLOURS[theme]
    for background in ON_TEXT:
        assert contrast(colours["text"], colours[background]) >= 4.5, background
    for background in ("page", "editor", "removed", "added"):
        assert contrast(colours["quiet"], colours[background]) >= 4.5, background
    assert contrast(colours["link"], colours["page"]) >= 4.5
    assert contrast(colours["target"], colours["page"]) >= 3
