"""Notebooks that nobody here wrote, run through this project and through plain nbclient: the outputs are the same."""
