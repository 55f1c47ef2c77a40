"""Telegram, for the people of the commune only."""
