"""What else runs notebooks, as released: papermill, nbclient, jupyter-scheduler, in an environment of their own."""
