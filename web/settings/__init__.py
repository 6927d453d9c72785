"""Settings of the station, its channels and sources."""
