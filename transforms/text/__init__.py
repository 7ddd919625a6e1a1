"""Vietnamese text: normalisation, encodings, numbers, codes, places."""
