"""What each kind of p asks of a search: its objective, its starts, and what q is known without one."""
