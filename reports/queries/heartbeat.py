"""The name under which the worker writes down that the clock ticked."""

HEARTBEAT = "heartbeat"
