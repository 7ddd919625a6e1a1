"""The words above a table: letterhead, form code, period, window."""
