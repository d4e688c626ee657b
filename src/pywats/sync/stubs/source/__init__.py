"""Read the source of a module or its stub: names, classes, definitions."""
