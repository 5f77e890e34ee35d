"""How a derivation is written down: as LaTeX and Markdown, with the terms in a textbook's order, and as Python."""
