"""One cell: its typed value, its unit, its number style, what a person sees in it."""
