#!/bin/sh
# The image of PostgreSQL runs this when its data folder is empty.
exec psql -U "$POSTGRES_USER" -f /gleaner/database.sql
