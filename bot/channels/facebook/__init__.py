"""Facebook page: Messenger webhook and Send API (PLATFORMS §3)."""
