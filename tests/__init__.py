"""The tests; the package root keeps tests/storage from hiding storage."""
