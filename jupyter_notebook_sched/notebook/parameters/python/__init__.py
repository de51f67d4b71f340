"""Python: what the language's own parser says of a cell (nothing is executed), and literals written back."""
