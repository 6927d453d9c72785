"""Graphics with transparency: their pixels, their moments, and the keyer that lays them."""
