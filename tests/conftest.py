"""Fixtures every room's tests may ask for."""

pytest_plugins = ("support.databases", "support.website", "soak.outcomes")
