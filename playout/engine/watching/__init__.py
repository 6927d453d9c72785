"""The watcher of the output: what really leaves, compared with what was placed."""
