"""Julia, by its own lexical rules (the manual's chapters on strings, numbers and variables)."""
