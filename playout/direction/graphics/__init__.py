"""The rules for graphics over the picture: each kind says what is shown from when to when."""
