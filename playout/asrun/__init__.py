"""The as-run judge, and the ledger of airings that are still open."""
