"""The air to come: the plan of a host, dry runs and readiness."""
