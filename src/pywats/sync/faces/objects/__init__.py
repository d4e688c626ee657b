"""What the objects of other libraries are, as far as it can be seen from outside."""
