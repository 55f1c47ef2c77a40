"""What people of the commune do."""
