"""What a notebook records as its results: numbers and texts by name, read from the outputs of its cells."""
