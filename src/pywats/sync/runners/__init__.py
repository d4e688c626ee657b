"""Who runs a coroutine: the calling thread or a loop in the background."""
