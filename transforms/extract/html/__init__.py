"""Web pages, as many programs save tables under the name of a workbook."""
