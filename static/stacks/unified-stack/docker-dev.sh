#!/bin/sh
# The daily commands in one place: ./docker-dev.sh start | status | logs [SERVICE] | stop
set -eu
cd "$(dirname "$0")"

case "${1:-}" in
  start) docker compose up --build --detach --wait && docker compose ps ;;
  status) docker compose ps ;;
  logs) shift; docker compose logs --follow --tail 100 "$@" ;;
  stop) docker compose down ;; # keeps the volumes, and so the data
  *) echo "usage: $0 start | status | logs [SERVICE] | stop" >&2; exit 2 ;;
esac
