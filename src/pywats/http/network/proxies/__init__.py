"""Proxies: which one the environment names, SOCKS, and TLS within TLS."""
