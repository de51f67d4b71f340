"""Kept kernels behind jupyter_client's kernel managers, so that everybody uses them as the kernels that they are. Here
is nothing that starts a notebook: a server imports it too."""
