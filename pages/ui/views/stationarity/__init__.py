"""The view "Stationarity": a page of lessons."""
