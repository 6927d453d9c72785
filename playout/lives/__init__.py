"""Live meetings: sessions, rules of the signal, questions to the operator."""
