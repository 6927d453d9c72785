"""Live airings: their sessions, the rules of the signal, and questions to staff."""
