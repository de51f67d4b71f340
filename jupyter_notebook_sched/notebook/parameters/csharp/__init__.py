"""C#, by its own lexical rules (the language specification's chapter on lexical structure), as scripts have it."""
