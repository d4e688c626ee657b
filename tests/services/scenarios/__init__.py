"""For each service: its class, and scenarios that call every one of its methods."""
