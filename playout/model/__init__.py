"""What plans, rundowns, events and commands are: values only, and the waists of the engine."""
