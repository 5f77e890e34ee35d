"""Charts, the player, and what runs in the browser."""
