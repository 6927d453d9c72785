"""Everything that passes between processes of a channel."""
