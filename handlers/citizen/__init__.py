"""What a citizen can do in a chat."""
