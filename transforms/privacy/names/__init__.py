"""Lists of names and of words around names. Data only; the sources are in docs/personal-data.md."""
