"""Prefect flows and tasks, their artifacts, events and automations."""
