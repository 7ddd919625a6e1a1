"""The style sheet and the templates: each class is used, and the fonts are shipped with their licence."""

import re
from importlib.resources import files

import pytest

SITE = files("publishing.site")
STYLE = re.sub(r"/\*.*?\*/", "", SITE.joinpath("style.css").read_text("utf-8"), flags=re.DOTALL)
SOURCES = [
    *SITE.joinpath("pages").iterdir(),
    *(file for file in SITE.iterdir() if file.name.endswith((".py", ".js"))),
]
USED = "\n".join(source.read_text("utf-8") for source in SOURCES)
_IN_BRACES = re.compile(r"\{[^{}]*\}")


def classes() -> set[str]:
    """The classes that the selectors of the style sheet name."""
    selectors = _IN_BRACES.sub(";", STYLE)
    return set(re.findall(r"\.([a-zA-Z][\w-]*)", selectors))


@pytest.mark.parametrize("name", sorted(classes()))
def test_each_class_of_the_style_is_on_a_page(name: str) -> None:
    """A class that nothing has may have been meant to show something, such as a chart at one width."""
    composed = re.sub(r"(?<=--)\w+$|\d$", "", name)  # "tag--good" and "m3" are put together by templates
    patterns = [rf"(?<![\w-]){re.escape(name)}(?![\w-])"]
    if composed != name:
        patterns.append(rf"(?<![\w-]){re.escape(composed)}\{{\{{")
    assert any(re.search(pattern, USED) for pattern in patterns)


def test_each_font_of_the_style_is_shipped_with_its_licence() -> None:
    named = set(re.findall(r"url\((fonts/[^)]+)\)", STYLE))
    shipped = {f"fonts/{font.name}" for font in SITE.joinpath("fonts").iterdir()}
    assert named
    assert shipped == named | {"fonts/OFL.txt"}


def test_the_fonts_have_all_letters_of_vietnamese() -> None:
    letters = {ord(letter) for letter in "ĂÂĐÊÔƠƯăâđêôơưẠẶẬẸỆỊỌỘỢỤỰỲỴỶỸạặậẹệịọộợụựỳỵỷỹ₫–“”−×"}
    ranges = [
        range(int(first, 16), int(last or first, 16) + 1)
        for first, last in re.findall(r"U\+([0-9A-F]+)(?:-([0-9A-F]+))?", STYLE)
    ]
    assert [chr(code) for code in letters if not any(code in one for one in ranges)] == []
