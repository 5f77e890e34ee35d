"""The view "Infer, then act": its tables, its engine results, its charts and its words."""
