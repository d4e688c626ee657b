"""Proxies: the proxy that the environment names, SOCKS, and TLS within TLS."""
