"""Parameters: read from a notebook's cell, described as a schema, checked, injected into a run, edited in place.

    reading ── python/ r/ julia/     what the cell offers, by each language's own rules
    schema, fitting, values          the form it makes, and whether values fit
    literals ── python/ r/ julia/    values as source text
    injecting, editing, rewriting    a cell for a run; edits of the cell itself; the same inside the file's text

A language is a folder with a reader and a writer, entered in ``reading.READERS`` and ``literals.LITERALS``.
"""
