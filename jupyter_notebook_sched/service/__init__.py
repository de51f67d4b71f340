"""Use cases: the one door to store, archive and notebooks for the API and the command line.

Everything here is synchronous and may block on the disk: the server calls it in threads.
"""
