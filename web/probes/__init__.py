"""Addresses for programs that watch the server: whether it is alive, and whether all is well."""
