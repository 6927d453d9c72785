"""What aired, by report, and how viewers and staff are told."""
