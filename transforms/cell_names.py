"""Cell references in A1 notation."""

from functools import lru_cache


@lru_cache(maxsize=1024)
def column_letters(column: int) -> str:
    """The letters of a column counted from 0: 0 -> "A", 27 -> "AB"."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """The number of a column, counted from 0, by its letters."""
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - 64
    return number - 1


def cell_name(row: int, column: int) -> str:
    """The A1 name of a cell; the row counts from 1, the column from 0."""
    return f"{column_letters(column)}{row}"


def row_and_column(name: str) -> tuple[int, int]:
    """The row, counted from 1, and the column, counted from 0, of a cell by its A1 name."""
    letters = name.rstrip("0123456789")
    return int(name[len(letters) :]), column_number(letters)
