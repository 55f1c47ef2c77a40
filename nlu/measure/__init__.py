"""How well does a reader understand? Question files in, a report out."""
