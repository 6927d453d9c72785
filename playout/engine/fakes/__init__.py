"""Fakes that honor the engine's contracts, for tests and dry runs."""
