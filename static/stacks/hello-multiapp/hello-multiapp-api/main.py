"""The api of hello-multiapp."""

import os
import socket

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

VERSION = "1.0.0"
ENVIRONMENT = os.environ.get("ENVIRONMENT", "local")
ORIGINS = os.environ.get("CORS_ORIGINS", "http://localhost:3000").split(",")

app = FastAPI(title="hello-multiapp-api", version=VERSION)
# The page asks through its own server, so the browser needs no permission. Only a page that calls the api's port
# directly does.
app.add_middleware(CORSMiddleware, allow_origins=ORIGINS, allow_methods=["GET"])


@app.get("/health")
def health() -> dict[str, str]:
    """Asked by the container's health check."""
    return {"status": "healthy"}


@app.get("/version")
def version() -> dict[str, str]:
    """Which version runs where."""
    return {"version": VERSION, "environment": ENVIRONMENT}


@app.get("/hello")
def hello(name: str = "world") -> dict[str, str]:
    """A greeting, and which container gives it."""
    return {"message": f"Hello, {name}", "served_by": socket.gethostname()}
