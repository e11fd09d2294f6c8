#!/bin/sh
# Packs a volume into a file: scripts/backup.sh [VOLUME] [FILE]
# Stop what writes to it first (docker compose stop backend), or the copy may be of two moments.
set -eu
volume=${1:-loc8_backend_data}
file=${2:-backend_backup.tar.gz}
# A name that does not exist would silently be a new, empty volume.
docker volume inspect "$volume" > /dev/null
docker run --rm --volume "$volume:/data:ro" alpine:3.20 tar czf - -C /data . > "$file"
echo "$volume is in $file"
