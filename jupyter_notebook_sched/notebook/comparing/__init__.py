"""Two notebooks compared: which cells belong together, and what differs in them. ``comparison.compare`` is the door."""
