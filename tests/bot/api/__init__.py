"""Tests of what other systems call."""
