"""How long runs, their files and the versions they ran are kept."""
