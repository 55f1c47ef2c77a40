"""Emulated platforms with faults, and a page like a phone."""

from __future__ import annotations
