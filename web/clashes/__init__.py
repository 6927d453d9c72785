"""Questions that pages ask before airings overlap, or something is booked twice."""
