#!/bin/sh
# Writes the api's address into the server's configuration: the image stays the same in every environment.
set -eu
sed "s|@API_URL@|${API_URL:-http://api:8000}|" /etc/nginx/nginx.conf.template > /etc/nginx/conf.d/default.conf
exec nginx -g 'daemon off;'
