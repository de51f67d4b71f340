"""Bash, by its own rules (its manual's chapters on quoting, shell parameters and arrays).

Every value is a text there, so these are our rules: what stands unquoted and looks like a number, ``true`` or
``false`` is read as that, an array in brackets as a list, ``declare -A`` as an object, and anything that bash would
expand as an expression. The other way round ``null`` is the empty text, ``NaN`` and ``Infinity`` are those words, and
a list of lists or an object is JSON in one text, unless the cell declares an array: then its elements are.
"""
