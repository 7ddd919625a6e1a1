"""Words that are others but for one letter."""

_SHORTEST = 9  # letters, for one letter more or less not to make other words of them


def is_one_letter_off(words: str, other: str) -> bool:
    """Whether keys (as `ascii_key`) differ in one letter or in two that changed places, but not in digits."""
    if min(len(words), len(other)) < _SHORTEST or abs(len(words) - len(other)) > 1 or words == other:
        return False
    if [c for c in words if c.isdigit()] != [c for c in other if c.isdigit()]:
        return False
    start = next((n for n, (a, b) in enumerate(zip(words, other, strict=False)) if a != b), None)
    if start is None:
        return True  # one letter more at the end
    a, b = words[start:], other[start:]
    is_swapped = a[:2] == b[1::-1] and a[2:] == b[2:]
    return is_swapped or a[1:] == b[1:] or a[1:] == b or a == b[1:]
