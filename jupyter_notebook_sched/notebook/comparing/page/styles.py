"""How a page of a comparison looks: JupyterLab's tones, light and dark."""

from __future__ import annotations

from typing import Literal

Theme = Literal["light", "dark"]

COLOURS: dict[Theme, dict[str, str]] = {
    "light": {
        "page": "#ffffff",
        "text": "#212121",
        "quiet": "#5c5c5c",
        "link": "#0b57a4",
        "editor": "#f5f5f5",
        "border": "#cfcfcf",
        "removed": "#ffebee",
        "removed-mark": "#ffc4ca",
        "added": "#e6f6e8",
        "added-mark": "#a6e0ae",
        "target": "#1976d2",
    },
    "dark": {
        "page": "#111111",
        "text": "#e6e6e6",
        "quiet": "#b0b0b0",
        "link": "#82c4ff",
        "editor": "#1f1f1f",
        "border": "#4a4a4a",
        "removed": "#3d1a1e",
        "removed-mark": "#7d2a33",
        "added": "#12311a",
        "added-mark": "#1f5f30",
        "target": "#64b5f6",
    },
}
ON_TEXT = ("page", "editor", "removed", "removed-mark", "added", "added-mark")
"""The backgrounds that text stands on."""

_RULES = """
*{box-sizing:border-box}
html{scroll-padding-top:3.5rem;color-scheme:SCHEME}
body{margin:0;padding:0 16px 48px;background:var(--page);color:var(--text);
 font:13px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
h1{font-size:1.25rem;font-weight:600;margin:16px 0 8px}
h2{font-size:1rem;font-weight:600;margin:24px 0 8px}
h3{font-size:.95rem;font-weight:600;margin:0;display:flex;flex-wrap:wrap;gap:4px 12px;align-items:baseline}
h4{font-size:.85rem;font-weight:600;margin:12px 0 4px}
small,.quiet,.note{font-size:.85rem;font-weight:400;color:var(--quiet)}
.note{margin:4px 0}
a{color:var(--link)}
a:focus-visible,summary:focus-visible{outline:2px solid var(--target);outline-offset:2px}
.beside{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:8px}
.sides{position:sticky;top:0;z-index:1;background:var(--page);border-bottom:1px solid var(--border);padding:6px 0}
.sides b{margin-right:8px}
nav ol{margin:8px 0;padding:0;list-style:none;columns:22em;column-gap:24px}
nav li{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
nav code{color:var(--quiet)}
table{border-collapse:collapse;font-size:.9rem}
th,td{padding:3px 10px;text-align:left;vertical-align:top;overflow-wrap:anywhere}
.settings th[scope=row]{font-weight:400}
.settings td,.settings th{border-bottom:1px solid var(--border);font-family:var(--mono)}
.settings thead th{font-family:inherit;color:var(--quiet);font-weight:400}
.cell{margin:0 0 16px;border:1px solid var(--border);border-left-width:4px;padding:8px 10px}
.cell:target{outline:2px solid var(--target)}
.cell.added{border-left-color:var(--added-mark)}
.cell.removed{border-left-color:var(--removed-mark)}
.jumps{margin-left:auto;font-size:.85rem;font-weight:400}
.jumps a{padding:2px 6px}
summary{cursor:pointer;color:var(--quiet);padding:2px 0}
details.unchanged{margin:0 0 16px;border:1px dashed var(--border);padding:4px 10px}
details.unchanged .lines{margin-bottom:8px}
:root{--mono:Menlo,Consolas,"DejaVu Sans Mono",monospace}
.lines{margin-top:6px;border:1px solid var(--border);background:var(--editor);font:12px/1.5 var(--mono)}
.lines>details>summary{font-family:system-ui,sans-serif;padding-left:10px}
.row{display:grid;grid-template-columns:4.5em minmax(0,1fr) 4.5em minmax(0,1fr)}
.one .row{grid-template-columns:4.5em minmax(0,1fr)}
.row b{font-weight:400;color:var(--quiet);text-align:right;padding-right:8px;user-select:none;white-space:nowrap}
.row code{font:inherit;white-space:pre-wrap;overflow-wrap:anywhere;tab-size:4;padding:0 6px;min-height:1.5em}
.row code:nth-of-type(1):not(:last-child){border-right:1px solid var(--border)}
del,ins{text-decoration:none}
.del{background:var(--removed)}
.ins{background:var(--added)}
mark{color:inherit;background:transparent}
del mark{background:var(--removed-mark)}
ins mark{background:var(--added-mark)}
.beside>div:empty,.none{background:repeating-linear-gradient(135deg,transparent 0 5px,var(--border) 5px 6px);opacity:.5}
.output .beside>div{border:1px solid var(--border);padding:6px;overflow:auto;max-height:80vh}
.output img{max-width:100%;height:auto;background:#fff}
.output pre{margin:0;white-space:pre-wrap;overflow-wrap:anywhere;font:12px/1.5 var(--mono)}
.html td,.html th{text-align:right;padding:2px 8px;font-size:12px;overflow-wrap:normal}
.html tbody tr:nth-child(even){background:var(--editor)}
.html .del{background:var(--removed-mark);font-weight:600}
.html .ins{background:var(--added-mark);font-weight:600}
.html thead{border-bottom:1px solid var(--border)}
@media (max-width:700px){.row,.row code{display:block}.row b{float:left;width:4.5em}.row .none{display:none}
 .row b:nth-of-type(2):not(.ins),.row b:nth-of-type(2):not(.ins)+code{display:none}
 .beside{grid-template-columns:minmax(0,1fr)}}
@media print{.sides{position:static}details>*{display:block}}
"""


def style_sheet(theme: Theme) -> str:
    variables = "".join(f"--{name}:{value};" for name, value in COLOURS[theme].items())
    return f":root{{{variables}}}{_RULES.replace('SCHEME', theme)}"
