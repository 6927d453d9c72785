"""Reports of what aired, and the words in which viewers and staff read them."""
