"""Reading numbers as people paste them: one cell, lists of programming languages, lines and separators, and tables."""
