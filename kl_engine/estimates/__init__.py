"""The number that carries its error, the kind of that error, and what every argument is checked for."""
