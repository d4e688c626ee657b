"""OData query options of the sandbox."""
