-- Run after every migration, and safe to run again: what a new table needs besides its columns.
-- Without FORCE the owner would see every row; without the grants nobody else would see any.
GRANT USAGE ON SCHEMA hub TO hub_api, hub_worker;
GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON ALL TABLES IN SCHEMA hub TO hub_worker;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA hub TO hub_worker;
GRANT TEMPORARY ON DATABASE :database TO hub_worker;
-- The staging schema holds unlogged tables that live for one stage of one batch.
CREATE SCHEMA IF NOT EXISTS staging;
GRANT USAGE, CREATE ON SCHEMA staging TO hub_worker;
GRANT SELECT ON ALL TABLES IN SCHEMA hub TO hub_api;
-- Never through the API: the record log, identifiers, leases, queues of work.
REVOKE ALL ON hub.record, hub.identifier, hub.lease, hub.changed_subject, hub.moved_record FROM hub_api;
-- What the API's commands may change, column by column.
GRANT UPDATE (state, assignee_id, proposed_conclusion, proposed_by, conclusion, concluded_by, concluded_at)
  ON hub.warning TO hub_api;
GRANT INSERT ON hub.warning_event TO hub_api;
REVOKE ALL ON hub.access_log FROM hub_api, hub_worker;
GRANT INSERT ON hub.access_log TO hub_api, hub_worker;
-- Readiness asks whether every migration is in; the list holds names, hashes and times only.
GRANT USAGE ON SCHEMA migrations TO hub_api;
GRANT SELECT ON migrations.applied TO hub_api;
DO $$
DECLARE t record;
BEGIN
  FOR t IN SELECT c.oid::regclass AS name FROM pg_class c
           WHERE c.relnamespace = 'hub'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relforcerowsecurity
  LOOP
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', t.name);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', t.name);
  END LOOP;
END $$;
-- COPY refuses tables with row policies. The loader passes them, and may do nothing but insert into
-- the two logs. An owner who may not make such a role gets the slower way (src/pipeline/load.ts).
DO $$
BEGIN
  CREATE ROLE hub_loader NOLOGIN NOSUPERUSER BYPASSRLS NOCREATEDB NOCREATEROLE;
EXCEPTION WHEN duplicate_object OR unique_violation OR insufficient_privilege THEN
  NULL;
END $$;
DO $$
BEGIN
  IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'hub_loader') THEN
    GRANT USAGE ON SCHEMA hub TO hub_loader;
    GRANT INSERT ON hub.landed_row, hub.record TO hub_loader;
  END IF;
END $$;
