"""Codes: their lengths, and what a code that is ideal for q costs under p."""
