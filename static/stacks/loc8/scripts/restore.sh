#!/bin/sh
# Gives a volume the content of a backup, and only that: scripts/restore.sh [VOLUME] [FILE]
# Stop what uses it first: docker compose stop backend
set -eu
volume=${1:-loc8_backend_data}
file=${2:-backend_backup.tar.gz}
# The whole file is read before anything is deleted.
gzip --test "$file"
docker volume inspect "$volume" > /dev/null
docker run --rm --interactive --volume "$volume:/data" alpine:3.20 \
  sh -c 'find /data -mindepth 1 -delete && tar xzf - -C /data' < "$file"
echo "$volume is as in $file"
