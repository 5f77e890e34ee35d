"""Bounds of the log evidence beside the free energy: from several draws of q, and of order α."""
