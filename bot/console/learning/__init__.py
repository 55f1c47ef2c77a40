"""Pages about what the reader does not know yet, learns, and how well it does."""
