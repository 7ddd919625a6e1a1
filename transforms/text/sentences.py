"""Names as they are written inside a sentence."""

import re

# "Xã hội" (society) in the name of a department is no commune.
_AREA_KIND = re.compile(r"(?<=\S )(Tỉnh|Thành phố|Quận|Huyện|Thị xã|Thị trấn|Phường|Xã) (?!hội\b)")


def in_sentence(name: str) -> str:
    """Write the kind of an area inside a body's name in lower case: "UBND huyện Long Thành"."""
    return _AREA_KIND.sub(lambda kind: kind[0].lower(), name)
