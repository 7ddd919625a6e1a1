"""Shipped form sets: folders of YAML files."""
