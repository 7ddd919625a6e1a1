"""Draw the diagrams of the documentation as SVG from the declarations; mkdocs calls `on_files`."""

import tomllib
from pathlib import Path
from xml.sax.saxutils import escape

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from schemas.form_set import shipped_form_set

_ROOT = Path(__file__).parents[2]
_STYLE = (
    "text{font:13px sans-serif;fill:#12343b}.small{font-size:11px;fill:#4a6a70}"
    "rect{fill:#eef6f6;stroke:#2a7f86;rx:4}.fact{fill:#fdf3e1;stroke:#b7791f}"
    "path{stroke:#2a7f86;fill:none;marker-end:url(#arrow)}"
)
_ARROW = (
    '<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7"'
    ' orient="auto">'
    '<path d="M0 0L8 4L0 8z" style="fill:#2a7f86;stroke:none"/></marker></defs>'
)
STEPS = (
    ("drive", "a folder per body", "fetch"),
    ("archive", "content by hash", "extract"),
    ("grid", "cells of a sheet", "parse layout"),
    ("parsed sheet", "typed values", "validate"),
    ("dw.fact_*", "accepted rows", "compute"),
    ("mart", "target table", "publish"),
    ("pages, files", "for readers", ""),
)

_FORM_SET = shipped_form_set("pcmd")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the drawings to the files of the documentation."""
    drawings = {"layers.svg": layers(), "star.svg": star(), "flow.svg": flow()}
    for name, content in drawings.items():
        files.append(File.generated(config, f"diagrams/{name}", content=content))
    return files


def svg(width: int, height: int, title: str, *shapes: str) -> str:
    """Return a drawing of the given size; the title is its accessible name."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" role="img">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style>{_ARROW}{''.join(shapes)}</svg>"
    )


def box(x: int, y: int, width: int, text: str, note: str = "", kind: str = "") -> str:
    """Return a labelled box of 44 points' height."""
    middle = x + width // 2
    label = f'<text x="{middle}" y="{y + (19 if note else 27)}" text-anchor="middle">{escape(text)}</text>'
    under = f'<text class="small" x="{middle}" y="{y + 35}" text-anchor="middle">{escape(note)}</text>'
    return f'<rect class="{kind}" x="{x}" y="{y}" width="{width}" height="44"/>{label}{under if note else ""}'


def arrow(x1: int, y1: int, x2: int, y2: int) -> str:
    """Return an arrow from one point to another."""
    return f'<path d="M{x1} {y1}L{x2} {y2}"/>'


def layers() -> str:
    """Draw the packages by layer, as import-linter checks them."""
    settings = tomllib.loads((_ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    rows = [line.split("|") for line in settings["tool"]["importlinter"]["contracts"][0]["layers"]]
    shapes = []
    for number, names in enumerate(rows):
        width = (400 - 10 * (len(names) - 1)) // len(names)
        y = 10 + 64 * number
        shapes += [box(10 + (width + 10) * n, y, width, name.strip()) for n, name in enumerate(names)]
        if number + 1 < len(rows):
            shapes.append(arrow(210, y + 44, 210, y + 62))
    return svg(420, 64 * len(rows), "Packages: each imports only the ones below it", *shapes)


def star() -> str:
    """Draw the fact tables around the dimensions that they share."""
    dimensions = ("dim_area", "dim_body", "dim_period", "dim_form", "dim_measure")
    height = 30 + 52 * len(_FORM_SET.forms)
    shapes = [box(520, height // 6 * (n + 1) - 22, 150, f"dw.{name}") for n, name in enumerate(dimensions)]
    for number, form in enumerate(_FORM_SET.forms):
        y = 10 + 52 * number
        shapes.append(box(10, y, 230, f"dw.fact_{form.key}", f"{len(form.measures)} measures", "fact"))
        lists = sorted({c.code_list.key for c in form.columns.values() if c.code_list})
        if lists:
            shapes.append(f'<text class="small" x="250" y="{y + 40}">{escape(", ".join(lists))}</text>')
        shapes.append(arrow(240, y + 22, 516, height // 2))
    return svg(690, height, "One fact table per form; all share the dimensions", *shapes)


def flow() -> str:
    """Draw the steps from a drive to its readers."""
    shapes = []
    for number, (name, note, step) in enumerate(STEPS):
        y = 10 + 70 * number
        shapes.append(box(10, y, 200, name, note))
        if step:
            shapes.append(arrow(110, y + 44, 110, y + 68))
            shapes.append(f'<text class="small" x="122" y="{y + 60}">{escape(step)}</text>')
    return svg(220, 70 * len(STEPS), "Data flow from a drive to its readers", *shapes)
