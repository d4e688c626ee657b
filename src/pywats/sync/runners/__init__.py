"""Run coroutines: on the calling thread or in a background event loop."""
