"""What pages ask before airings overlap, or a room, source or channel is booked twice."""
