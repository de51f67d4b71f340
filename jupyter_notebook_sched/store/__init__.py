"""The only SQL. Every change of state and the event that tells it commit together; facts are read as domain values."""

import sys

# sqlite-utils imports pandas and numpy wherever they are installed, only to know their types, which nothing here
# passes: 0.3 s and 30 MB for each process of ours. Modules that are loaded already stay as they are.
_hidden = [name for name in ("numpy", "pandas") if name not in sys.modules]
sys.modules.update(dict.fromkeys(_hidden))  # type: ignore[arg-type]
try:
    import sqlite_utils  # noqa: F401
finally:
    for _name in _hidden:
        del sys.modules[_name]
