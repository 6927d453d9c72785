"""What will be on air: the plan of a host, dry runs and readiness."""
