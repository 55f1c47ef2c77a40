"""The Zalo Bot platform, for the people of the commune only."""
