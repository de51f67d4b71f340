"""The fork server: runs in any environment that has ipykernel (Python 3.9 and later, Linux), with nothing of ours but
this folder. ``__main__.py`` loads it as ``notebook_sched_fork_server``, a name that no notebook imports."""
