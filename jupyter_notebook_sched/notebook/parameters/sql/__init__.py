"""SQL: what its dialects have in common, and where a statement tells which of them it is (``forms.py``)."""
