"""The project's tests; a package, so that `tests.cases` is this one and no other's."""
