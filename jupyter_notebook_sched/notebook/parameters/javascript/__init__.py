"""JavaScript and TypeScript, by the rules of ECMAScript's lexical grammar.

What a later cell may do with a name differs between kernels (ijavascript 5.2, Deno 2.9, tslab 1.0): plain
``name = value`` reaches ``let`` and ``var`` in all of them, declaring the name again does not, and nothing changes a
``const`` everywhere. So values are assigned plainly, and constants are told as problems.
"""
