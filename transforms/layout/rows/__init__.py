"""The rows of a table: what each of them is, and the typed rows and totals they become."""
