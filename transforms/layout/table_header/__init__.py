"""The header rows of a table: which column of the sheet holds which column of the form."""
