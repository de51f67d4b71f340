"""Where source and output notebooks live: every file is written once, to a temporary name, synced, renamed, 0444."""
