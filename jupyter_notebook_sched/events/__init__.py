"""What is told to whoever listens: the outbox, relayed into Jupyter Server's event system."""
