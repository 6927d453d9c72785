"""Everything that passes between the processes of a channel."""
