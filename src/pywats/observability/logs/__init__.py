"""How a running call is told in log records: fields, formats, handlers and their set-up."""
