"""Facts and their rules: runs, jobs, triggers, states and time. Pure: no I/O, and the clock is always an argument."""
