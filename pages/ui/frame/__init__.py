"""What every page stands in: the sidebar, the units, and what is said when something fails."""
