"""Parameters: read from a notebook's cell, described as a schema, checked, injected into a run, edited in place.

    reading ── python/ r/ julia/ …   what the cell offers, by each language's own rules; ``magics`` and ``translators``
                                     find the reader of cells and languages that are not the notebook's or not ours
    shadowing                        what a later cell sets again
    schema, formats                  what a value must be like: JSON Schema, the one place that says so
    fitting, validating, values      whether values fit, in sentences
    literals ── python/ r/ julia/ …  values as source text
    injecting                        a cell for a run
    editing ── patching, resizing    edits of the cell itself, element by element; ``rewriting``: inside the file's text
    arranging ── taking, lifting, adding, making
                                     a parameters cell made of assignments, parameters added and removed
    tokens, assignments              what languages of statements share; ``value_type``, ``typed_writing`` and
                                     ``declared_parameter``: what those with declared types share

A language is a folder with a reader and a writer, entered in ``reading.READERS`` and ``literals.LITERALS``.
"""
