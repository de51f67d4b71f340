"""Scala, by its own lexical rules (the language specification's chapters on lexical syntax and literals)."""
