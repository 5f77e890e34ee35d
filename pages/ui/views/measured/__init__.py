"""The view "Measured"."""
