"""Errors of a request: by status and by the transport, and the sentences that both share."""
