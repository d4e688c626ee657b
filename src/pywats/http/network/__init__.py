"""Connections: pool, transports, limits of time on every read and write."""
