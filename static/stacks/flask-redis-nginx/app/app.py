"""Counts visits in Redis."""

import logging
import os
import socket

import redis
from flask import Flask, jsonify

logging.basicConfig(level=logging.INFO, format="[%(levelname)s] %(message)s")

app = Flask(__name__)
store = redis.Redis.from_url(
    os.environ.get("REDIS_URL", "redis://localhost:6379/0"), socket_timeout=2
)


@app.get("/")
def index():
    """Counts this visit and says which container answered."""
    visits = store.incr("visit_count")
    app.logger.info("visits=%s", visits)
    return jsonify(message="Hello from Flask", visits=visits, served_by=socket.gethostname())


@app.get("/health")
def health():
    """Healthy only when Redis answers: without it the app can't do its job."""
    try:
        store.ping()
    except redis.RedisError as error:
        return jsonify(status="unhealthy", redis=str(error)), 503
    return jsonify(status="healthy", redis="connected")
