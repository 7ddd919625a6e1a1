"""Detect personal data in the text of files."""
