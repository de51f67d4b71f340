"""REST: thin handlers that parse into a form, call the service in a thread, and write the answer."""
