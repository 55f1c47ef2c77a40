"""What other systems of the commune may call: JSON over HTTPS with a token."""
