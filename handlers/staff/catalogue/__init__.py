"""The catalogue of procedures: layers, imports, exports and what is in force."""
