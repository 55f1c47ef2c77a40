"""The people of the commune: who they are, what they may do, how they are reached."""
