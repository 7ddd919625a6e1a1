"""Seed and maintain the dimensions: areas, bodies, periods, forms, obligations."""
