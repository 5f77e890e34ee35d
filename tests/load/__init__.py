"""Load: many sessions at once on one server, and what the page of one more visitor then takes."""
