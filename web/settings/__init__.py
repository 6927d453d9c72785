"""Settings of the station, its channels, sources, broadcast machines and people."""
