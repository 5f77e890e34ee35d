"""The view "Two answers on a table": its tables, its engine results, its charts and its words."""
