"""What the source of a module says: its names, its classes, the stub beside it."""
