"""One file a subject: the derivations, and the catalogue of them all."""
