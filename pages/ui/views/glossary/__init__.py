"""The glossary: every term with its formula, by section, and what is found in it."""
