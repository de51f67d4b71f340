"""A notebook as a page to be read: one file, nothing loaded from elsewhere. To be made apart from the server only."""
