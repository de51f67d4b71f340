"""The worker process: one per host and workspace. Wires the scheduler and the executor to a loop and a lease."""
