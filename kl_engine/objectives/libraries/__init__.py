"""What the functions of well-known packages compute: as data, restated in NumPy, and read in a text."""
