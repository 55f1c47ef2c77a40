"""What the commune shows of its evidence log, and how others check it."""
