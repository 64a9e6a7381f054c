-- Run once by a superuser of your PostgreSQL (15 or later), with psql 15 or later and GLEANER_DB_PASSWORD in the environment:
--   psql -f deploy/database.sql
-- What each statement is for is in docs/guide/deploy.md.
\set ON_ERROR_STOP on
\getenv password GLEANER_DB_PASSWORD
create role gleaner login password :'password';
create role gleaner_tenant nologin;
create role gleaner_project nologin;
grant gleaner_tenant to gleaner_project;
grant gleaner_tenant, gleaner_project to gleaner;
create database gleaner owner gleaner encoding 'UTF8' template template0;
\connect gleaner
create extension if not exists pg_trgm;
alter function pg_catalog.textlike(text, text) leakproof;
