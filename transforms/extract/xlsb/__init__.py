"""Binary workbooks of Excel (.xlsb)."""
