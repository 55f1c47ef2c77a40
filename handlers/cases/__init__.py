"""Cases: what a citizen brought that somebody must answer, and by when."""
