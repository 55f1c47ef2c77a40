"""Zalo Official Account: the OA webhook and Open API v3 (PLATFORMS §1)."""
