"""The database. The password comes from a file: variables show up in `docker inspect` and in crash reports."""

import os
from contextlib import contextmanager
from pathlib import Path

import psycopg2
from psycopg2.extras import RealDictCursor


def _password() -> str:
    return Path(os.environ["DB_PASSWORD_FILE"]).read_text().strip()


@contextmanager
def cursor():
    """A cursor in a transaction of its own; rows are dictionaries."""
    connection = psycopg2.connect(
        host=os.environ["DB_HOST"],
        dbname=os.environ["DB_NAME"],
        user=os.environ["DB_USER"],
        password=_password(),
        connect_timeout=3,
        cursor_factory=RealDictCursor,
    )
    try:
        with connection, connection.cursor() as opened:
            yield opened
    finally:
        connection.close()
