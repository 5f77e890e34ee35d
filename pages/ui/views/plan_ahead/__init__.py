"""The view "Plan ahead": its worlds, its engine results, its pictures and its words."""
