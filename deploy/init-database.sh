#!/bin/sh
# The image of PostgreSQL runs this when its data folder is empty.
exec psql -v ON_ERROR_STOP=1 -U "$POSTGRES_USER" -v password="$GLEANER_DB_PASSWORD" -f /gleaner/database.sql
