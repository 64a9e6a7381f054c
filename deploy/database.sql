-- Run once by a superuser of your PostgreSQL (15 or later), with psql:
--   psql -v password="$GLEANER_DB_PASSWORD" -f deploy/database.sql
-- What each statement is for is in docs/guide/deploy.md.
create role gleaner login password :'password';
create role gleaner_tenant nologin;
create role gleaner_project nologin;
grant gleaner_tenant to gleaner_project;
grant gleaner_tenant, gleaner_project to gleaner;
create database gleaner owner gleaner encoding 'UTF8' template template0;
\connect gleaner
create extension if not exists pg_trgm;
alter function pg_catalog.textlike(text, text) leakproof;
