"""The two machines of a channel: what they tell each other, and which of them sends."""
