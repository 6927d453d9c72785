"""What aired, by report, and the words in which viewers and staff read it."""
