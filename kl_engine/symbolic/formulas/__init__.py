"""Formulas as a person types or pastes them: from text to a syntax tree, and from the tree to LaTeX and Python."""
