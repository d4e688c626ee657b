"""What becomes of values on their way to the async object, and out of it."""
