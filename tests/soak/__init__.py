"""Servers and workers under load, while their collector is killed, they are killed, and reload."""
