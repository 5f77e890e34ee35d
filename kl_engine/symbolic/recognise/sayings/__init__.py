"""What is said of a formula that was checked, and what is handed out of it."""
