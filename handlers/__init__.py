"""Use cases: one purpose a file; they return data and never write."""
