"""Execution of one notebook in this process: a kernel, the cells one by one, an honest outcome for each. No store."""
