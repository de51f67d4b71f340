"""Long proofs with real processes: ``make soak``."""
