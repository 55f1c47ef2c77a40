"""Pages of the desk: cases, talks, and what is sealed."""
