"""Outbox: keep reports on the disk until the server has them."""

from pywats.client.outbox.outbox import KeptReport, Outbox, OutboxRun, OutboxStatus

__all__ = ["KeptReport", "Outbox", "OutboxRun", "OutboxStatus"]
