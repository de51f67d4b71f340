"""Kernels forked from a warm process instead of started: a fork server per interpreter, and the way to ask it.

``served`` runs in the kernelspec's own interpreter and needs nothing of this package; the rest runs in ours.
"""
