"""Models of the SCIM service."""
