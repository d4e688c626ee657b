"""Convert values on their way into the async object and out of it."""
