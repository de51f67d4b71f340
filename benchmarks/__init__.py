"""Measurements, never assertions: each prints medians, and ratios against a peer measured in the same minute."""
