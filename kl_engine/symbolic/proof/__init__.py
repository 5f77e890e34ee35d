"""Steps as data: laws, their checks, and how a derivation is printed."""
