"""One half of the worker: turns due times into queued runs, one record for each, whoever ticks."""
