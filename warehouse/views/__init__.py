"""The values that the view templates get."""
