"""Figures about the work of a unit, each with the entries behind it."""
