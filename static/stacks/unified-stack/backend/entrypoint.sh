#!/bin/sh
# Brings the database up to date, then becomes the server.
set -eu
python3 manage.py check_database
python3 manage.py migrate --noinput
python3 manage.py collectstatic --noinput --verbosity 0
exec "$@"
