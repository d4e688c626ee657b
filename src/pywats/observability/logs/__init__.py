"""Log records with the ids of the running call: fields, formats, handlers and their setup."""
