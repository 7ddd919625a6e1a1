"""Write one part of the corpus of invented persons and of texts without persons.

Usage: python tests/data/persons/generate_corpus.py frozen

Reads `<part>_material.yaml`, writes `<part>_persons.tsv` and `<part>_negatives.tsv` with the columns kind,
context and text ("\\n" in a text is a line break). Contexts: `text` (free text, notes, letterhead), `key`
(a key column), `sheet_name`, `file_name`, `number` (a numeric cell; the text is "heading | value"). All
persons are invented: the names are random combinations. The two parts share no names, firms or templates.
"""

import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from transforms.text.normalise import ascii_key

FOLDER = Path(__file__).parent
Line = tuple[str, str, str]
SEEDS = {"frozen": 2020, "development": 15, "reported": 0}


def main(part: str) -> None:
    """Write the two files of a part."""
    material = yaml.safe_load((FOLDER / f"{part}_material.yaml").read_text(encoding="utf-8"))
    dice = random.Random(SEEDS[part])
    for name, lines in (("persons", persons(material, dice)), ("negatives", negatives(material, dice))):
        with (FOLDER / f"{part}_{name}.tsv").open("w", encoding="utf-8", newline="\n") as file:
            for kind, context, text in dict.fromkeys(lines):
                file.write("\t".join((kind, context, text.replace("\n", "\\n"))) + "\n")


def persons(material: dict[str, Any], dice: random.Random) -> Iterator[Line]:
    """Yield persons: names in several writings, in sentences, and numbers and addresses of persons."""
    writings = ["plain", "plain", "upper", "ascii", "sentence", "sentence", "year", "key", "sheet", "file"]
    for kind, group in material["names"].items():
        for count in range(group["count"]):
            name = dice.choice(group["patterns"]).format(
                f=dice.choice(group["families"]),
                m=dice.choice(group.get("middles", [""])),
                g=dice.choice(group["givens"]),
                h=dice.choice(group["givens"]),
            )
            yield kind, *written(name, writings[count % len(writings)], material, dice)
    for kind, texts in material["whole_persons"].items():
        for text in texts:
            yield kind, "text", text
    for kind, group in material["numbers"].items():
        for pattern in group["patterns"]:
            for _ in range(group["count"]):
                yield kind, group.get("context", "text"), digits_filled(pattern, dice)


def written(name: str, writing: str, material: dict[str, Any], dice: random.Random) -> tuple[str, str]:
    """Return the context and the text of a name in one way of writing."""
    if writing == "upper":
        return "text", name.upper()
    if writing == "ascii":
        return "text", " ".join(word.capitalize() for word in ascii_key(name).split())
    if writing == "sentence":
        return "text", dice.choice(material["sentences"]).format(name)
    if writing == "year":
        return (
            "text",
            f"{name}{dice.choice([' (19{}7)', ', sinh năm 19{}4', ' - SN 19{}2', ' sinh 19{}1'])}".format(
                dice.choice("56789")
            ),
        )
    if writing == "key":
        return "key", name
    if writing == "sheet":
        return "sheet_name", dice.choice(["DS {}", "{}", "Vụ {}"]).format(name)
    if writing == "file":
        return "file_name", dice.choice(["BC 03-2020 {}.xlsx", "{}.docx", "ho so {}.xls"]).format(name)
    return "text", name


def negatives(material: dict[str, Any], dice: random.Random) -> Iterator[Line]:
    """Yield texts without persons: every combination drawn from patterns and their words."""
    for kind, group in material["negatives"].items():
        contexts = group.get("contexts", ["text"])
        for line in group.get("lines", []):
            yield from ((kind, context, line) for context in contexts)
        for _ in range(group.get("count", 0)):
            text = dice.choice(group["patterns"]).format(
                **{key: dice.choice(words) for key, words in group["words"].items()}
            )
            text = digits_filled(text, dice)
            yield kind, dice.choice(contexts), dice.choice([text, text, text, text.upper()])


def digits_filled(pattern: str, dice: random.Random) -> str:
    """Return the pattern with a digit for each "#"; the first one after no digit is not zero."""
    filled = ""
    for sign in pattern:
        least = 0 if filled[-1:].isdigit() or filled[-1:] in tuple(".,") else 1
        filled += str(dice.randrange(least, 10)) if sign == "#" else sign
    return filled


if __name__ == "__main__":
    main(sys.argv[1])
