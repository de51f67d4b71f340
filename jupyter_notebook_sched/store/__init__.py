"""The only SQL. Every change of state and the event that tells it commit together; facts are read as domain values."""
