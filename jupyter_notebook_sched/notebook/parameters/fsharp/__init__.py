"""F#, by its own lexical rules (the language specification's chapters on lexical analysis and the offside rule)."""
