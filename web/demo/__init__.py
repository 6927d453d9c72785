"""The demo city that `make run` puts on air."""
