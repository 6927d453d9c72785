"""Bulletins: pages that the broadcast machine writes itself, and what pages are drawn from."""
