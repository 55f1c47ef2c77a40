"""Greetings of the commune: drafted by the clock, approved by a person, then sent."""
