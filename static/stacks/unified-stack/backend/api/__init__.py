"""Notes and jobs over HTTP."""
