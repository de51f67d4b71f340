"""Templates in parameter values: ``{{ … }}`` and nothing else. Jinja is imported only where a value holds one."""
