"""Pages of meetings, public bodies and plans of meetings that repeat."""
