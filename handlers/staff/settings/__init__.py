"""Is the unit connected to its platforms, and does a test message arrive?"""
