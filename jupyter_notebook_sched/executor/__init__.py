"""The worker's other half: claims runs and carries their attempts out, whoever executes them."""
