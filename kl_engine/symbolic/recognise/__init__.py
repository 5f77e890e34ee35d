"""Which divergence is this formula? The verdict, and how it was reached."""
