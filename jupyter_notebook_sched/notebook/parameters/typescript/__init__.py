"""TypeScript, which is read as JavaScript is."""
