"""The front page of a published folder that holds the sites of several plans."""

from collections.abc import Sequence
from pathlib import Path

from plans.model import Plan
from publishing.site.folder import open_site
from publishing.site.page_writer import put_style, render_front_page


def write_front_page(out: Path, plans: Sequence[Plan]) -> list[str]:
    """Write the page that leads to the site of each plan; returns the files that changed."""
    site = open_site(out)
    shown = [plan for plan in plans if (out / plan.code / "index.html").is_file()]
    site.put("index.html", render_front_page(sorted(shown, key=lambda p: (-p.year, p.code))))
    put_style(site)
    return site.finish()
