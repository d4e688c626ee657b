"""Connections: pool and transports, with a time limit on every read and write."""
