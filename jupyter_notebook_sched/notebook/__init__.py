"""One notebook: its document, its parameters, its execution. No store, no HTTP."""
