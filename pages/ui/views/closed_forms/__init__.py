"""The view "Closed forms": a page of lessons."""
