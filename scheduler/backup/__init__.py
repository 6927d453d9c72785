"""Backup and restore: a folder of snapshots, how one is made and checked, and the way back."""
