"""What staff see on the desk, search for there, and do from it."""
