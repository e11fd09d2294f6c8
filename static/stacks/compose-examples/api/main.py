"""Books out of PostgreSQL, with Redis in front."""

import json
import os
import socket

import psycopg2
import redis
from fastapi import FastAPI, HTTPException, Response
from pydantic import BaseModel, Field

from database import cursor

CACHE_KEY = "books"
CACHE_SECONDS = 30

app = FastAPI(title="compose-examples")
cache = redis.Redis.from_url(os.environ["REDIS_URL"], socket_timeout=2, decode_responses=True)


class NewBook(BaseModel):
    """A book as it comes in."""

    title: str = Field(min_length=1, max_length=200)
    author: str = Field(min_length=1, max_length=200)


@app.get("/")
def index() -> dict[str, str]:
    """Which container answers."""
    return {"service": "api", "served_by": socket.gethostname()}


@app.get("/health")
def health(response: Response) -> dict[str, str]:
    """Healthy only when the database and Redis answer."""
    checks = {"database": _database(), "redis": _redis()}
    healthy = all(state == "connected" for state in checks.values())
    response.status_code = 200 if healthy else 503
    return {"status": "healthy" if healthy else "unhealthy", **checks}


@app.get("/books")
def books(response: Response) -> list[dict]:
    """All books; the header X-Cache says where they come from."""
    cached = cache.get(CACHE_KEY)
    response.headers["X-Cache"] = "hit" if cached else "miss"
    if cached:
        return json.loads(cached)
    with cursor() as rows:
        rows.execute("SELECT id, title, author FROM books ORDER BY id")
        found = [dict(row) for row in rows.fetchall()]
    cache.set(CACHE_KEY, json.dumps(found), ex=CACHE_SECONDS)
    return found


@app.post("/books", status_code=201)
def add_book(book: NewBook) -> dict:
    """Adds a book and forgets the cached list."""
    try:
        with cursor() as rows:
            rows.execute(
                "INSERT INTO books (title, author) VALUES (%s, %s) RETURNING id, title, author",
                (book.title, book.author),
            )
            added = dict(rows.fetchone())
    except psycopg2.errors.UniqueViolation as error:
        raise HTTPException(409, "This book is there already.") from error
    cache.delete(CACHE_KEY)
    return added


def _database() -> str:
    try:
        with cursor() as rows:
            rows.execute("SELECT 1")
    except (psycopg2.Error, OSError) as error:
        return str(error).strip()
    return "connected"


def _redis() -> str:
    try:
        cache.ping()
    except redis.RedisError as error:
        return str(error)
    return "connected"
