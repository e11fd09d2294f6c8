"""`manage.py check_database`: waits for the database, and says why when it does not come."""

import time

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection

TRIES = 10


class Command(BaseCommand):
    """Compose waits for the database's health already; this also covers a restart of the database alone."""

    help = "Waits until the database can be used."

    def handle(self, *args, **options):
        for attempt in range(1, TRIES + 1):
            try:
                connection.ensure_connection()
            except OperationalError as error:
                if attempt == TRIES:
                    raise CommandError(f"The database does not answer: {error}") from error
                time.sleep(1)
            else:
                self.stdout.write("The database answers.")
                return
