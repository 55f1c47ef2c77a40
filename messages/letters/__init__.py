"""Letters of the commune: kinds, words, the rules of courtesy, and their lint."""
