"""Graphics that lie over a picture, drawn with transparency: one module for each kind."""
