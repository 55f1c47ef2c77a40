"""Tests of handlers.cases."""
