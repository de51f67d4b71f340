"""R, by its own lexical rules (the manual's "R Language Definition", and ``?Quotes``, ``?NumericConstants``)."""
