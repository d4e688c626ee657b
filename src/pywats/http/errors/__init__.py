"""Errors of a request, by status and by transport, and the texts of messages that both share."""
