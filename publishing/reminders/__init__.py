"""Reminder messages to bodies and their delivery by e-mail."""
