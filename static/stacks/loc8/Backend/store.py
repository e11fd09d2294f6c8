"""Where places are kept: PostgreSQL when there is one, else a file.

"There is one" means that its name is known on the network, that is, that the profile `database` is on. A database that
is there but does not answer is an error: data must not end up in two places.
"""

import os
import socket
import sqlite3
from contextlib import closing
from urllib.parse import urlsplit

import psycopg2
from psycopg2.errors import UniqueViolation

FILE = os.environ.get("DATABASE_FILE", "/data/loc8.db")
URL = os.environ.get("DATABASE_URL", "")
SCHEMA = "CREATE TABLE IF NOT EXISTS places (name TEXT PRIMARY KEY, population BIGINT NOT NULL, rate REAL NOT NULL)"
UPSERT = (
    "INSERT INTO places (name, population, rate) VALUES ({0}, {0}, {0}) "
    "ON CONFLICT (name) DO UPDATE SET population = excluded.population, rate = excluded.rate"
)


def is_known(url: str) -> bool:
    """True when the network knows the host of the address."""
    host = urlsplit(url).hostname
    if not host:
        return False
    try:
        socket.getaddrinfo(host, None)
    except socket.gaierror:
        return False
    return True


class Store:
    """Places by name. Each call has a connection of its own: workers and threads share nothing."""

    def __init__(self) -> None:
        self.kind = "postgresql" if is_known(URL) else "file"
        self._mark = "%s" if self.kind == "postgresql" else "?"
        try:
            self._run(SCHEMA)
        except UniqueViolation:
            # Another worker made it at the same moment: PostgreSQL's IF NOT EXISTS does not wait for that.
            pass

    def put(self, name: str, population: int, rate: float) -> None:
        """Adds a place, or gives the one of that name new numbers."""
        self._run(UPSERT.format(self._mark), (name, population, rate))

    def all(self) -> list[dict]:
        """All places by name."""
        rows = self._run("SELECT name, population, rate FROM places ORDER BY name")
        return [{"name": name, "population": population, "rate": rate} for name, population, rate in rows]

    def check(self) -> None:
        """Raises when nothing can be read."""
        self._run("SELECT 1")

    def _run(self, statement: str, values: tuple = ()) -> list[tuple]:
        with closing(self._connect()) as connection, connection:
            cursor = connection.cursor()
            cursor.execute(statement, values)
            return cursor.fetchall() if cursor.description else []

    def _connect(self):
        if self.kind == "postgresql":
            return psycopg2.connect(URL, connect_timeout=3)
        return sqlite3.connect(FILE, timeout=5)
