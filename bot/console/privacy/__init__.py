"""The pages with which staff serve people in their rights about data."""
