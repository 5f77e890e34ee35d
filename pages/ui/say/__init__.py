"""Numbers, sentences, tables and exports."""
