"""What each cell of a sheet is: letterhead, period, header, rows, totals."""
