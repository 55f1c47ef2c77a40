"""What does a city score a friendly government by? Sets of criteria, each a file."""
