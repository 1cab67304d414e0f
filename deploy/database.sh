#!/bin/sh
# Run once by the database's image when its volume is empty: the application's role owns its database and is no superuser.
set -eu
psql -v ON_ERROR_STOP=1 -v password="$THROUGHLINE_PASSWORD" --username postgres <<'SQL'
CREATE ROLE throughline LOGIN NOSUPERUSER NOCREATEROLE PASSWORD :'password';
CREATE DATABASE throughline OWNER throughline;
SQL
