"""The schema, step by step: one file a step. A released step never changes; a new one is added below it."""
