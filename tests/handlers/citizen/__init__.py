"""What a citizen can do in a chat, tested as whole talks."""
