"""Lists of names and of words around names. Data only; the sources are in docs/personal-data.md."""

COUNTRIES = frozenset({"VN"})  # whose persons the lists name, by ISO 3166 code
