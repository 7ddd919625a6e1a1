"""Blank forms as workbooks, ready to fill in."""
