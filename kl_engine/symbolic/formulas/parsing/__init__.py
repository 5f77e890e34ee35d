"""From characters to a tree: tokens, words of LaTeX, binders, statements."""
