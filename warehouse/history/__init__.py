"""Snapshots of closed periods and the target table as of any moment."""
