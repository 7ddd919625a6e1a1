"""Annotated copies of submitted workbooks that go back to their bodies."""
