"""The front of the pages: reads whole requests within deadlines and shares them out to lanes."""
