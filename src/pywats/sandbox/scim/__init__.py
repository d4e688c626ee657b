"""SCIM service of the sandbox."""
