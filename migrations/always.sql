-- Run after every migration, and safe to run again: what a new table needs besides its columns.
-- Without FORCE the owner would see every row; without the grants nobody else would see any.
GRANT USAGE ON SCHEMA hub TO hub_api, hub_worker;
GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON ALL TABLES IN SCHEMA hub TO hub_worker;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA hub TO hub_worker;
REVOKE ALL ON DATABASE :database FROM PUBLIC;
GRANT CONNECT ON DATABASE :database TO hub_api, hub_worker;
GRANT TEMPORARY ON DATABASE :database TO hub_worker;
-- The staging schema holds unlogged tables that live for one stage of one batch.
CREATE SCHEMA IF NOT EXISTS staging;
GRANT USAGE, CREATE ON SCHEMA staging TO hub_worker;
GRANT SELECT ON ALL TABLES IN SCHEMA hub TO hub_api;
-- Never through the API: deliveries as they came, the record log, identifiers, leases, queues of work.
REVOKE ALL ON hub.kin_authority, hub.landed_page, hub.record_page, hub.batch_page, hub.record, hub.unread_record, hub.stated, hub.identifier, hub.lease, hub.changed_subject, hub.moved_record FROM hub_api;
-- What the API's commands may change, column by column.
GRANT UPDATE (state, assignee_id, proposed_conclusion, proposed_by, conclusion, concluded_by, concluded_at)
  ON hub.warning TO hub_api;
GRANT INSERT ON hub.warning_event TO hub_api;
-- Accounts are changed by administrators through the API's commands, and their history only grows.
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON hub.actor FROM hub_worker;
GRANT INSERT, UPDATE (roles, authorities, is_enabled, valid_from, valid_through) ON hub.actor TO hub_api;
REVOKE ALL ON hub.actor_change FROM hub_worker;
GRANT INSERT ON hub.actor_change TO hub_api;
-- Documents are registered by administrators; what an id means never changes.
REVOKE ALL ON hub.registered_document FROM hub_worker;
GRANT INSERT, DELETE ON hub.registered_document TO hub_api;
-- What somebody asks of the workers stands here before the queue hears of it.
GRANT INSERT (sync_run_id, feed_id, state, requested_by, started_at) ON hub.sync_run TO hub_api;
GRANT INSERT (night_id, as_of, mode, state, requested_by, started_at) ON hub.night TO hub_api;
-- The first process of an installation writes which key its data belong to; only the owner changes it.
REVOKE ALL ON hub.installation FROM hub_api, hub_worker;
GRANT SELECT, INSERT ON hub.installation TO hub_api, hub_worker;
REVOKE ALL ON hub.access_log FROM hub_api, hub_worker;
GRANT INSERT ON hub.access_log TO hub_api, hub_worker;
-- Whether every migration is in is asked at start and by readiness; names, hashes and times only.
GRANT USAGE ON SCHEMA migrations TO hub_api, hub_worker;
GRANT SELECT ON migrations.applied TO hub_api, hub_worker;
-- The queue, where it lives in this database: jobs hold ids and nothing else.
GRANT USAGE ON SCHEMA bullmq TO hub_api, hub_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA bullmq TO hub_api, hub_worker;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA bullmq TO hub_api, hub_worker;
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
-- Partitions by month, made three months ahead at every start and every night. They lie in a schema of
-- their own: roles reach them through their table only, under its policies. A date nobody provided for
-- goes to the last resort, so that a delivery never waits for a partition.
CREATE SCHEMA IF NOT EXISTS parts;
CREATE OR REPLACE FUNCTION hub.make_partitions() RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET timezone = 'Asia/Shanghai' AS $$
DECLARE
  parent text;
  part text;
  month date;
BEGIN
  FOREACH parent IN ARRAY ARRAY['landed_page', 'access_log'] LOOP
    EXECUTE format('CREATE TABLE IF NOT EXISTS parts.%I PARTITION OF hub.%I DEFAULT', parent || '_rest', parent);
    FOR i IN 0..3 LOOP
      month := date_trunc('month', current_date) + make_interval(months => i);
      part := parent || to_char(month, '_YYYY_MM');
      CONTINUE WHEN to_regclass(format('parts.%I', part)) IS NOT NULL;
      BEGIN
        EXECUTE format('CREATE TABLE parts.%I PARTITION OF hub.%I FOR VALUES FROM (%L) TO (%L)',
          part, parent, month, (month + interval '1 month')::date);
      EXCEPTION WHEN check_violation THEN
        NULL; -- The last resort holds rows of that month already.
      END;
    END LOOP;
  END LOOP;
END $$;
-- Drops the months before a date that hold no row any more; gives their names. A month somebody is
-- reading or writing at the moment waits for the next night.
CREATE OR REPLACE FUNCTION hub.drop_empty_partitions(before date) RETURNS text[] LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '2s' AS $$
DECLARE
  part text;
  is_used boolean;
  dropped text[] := '{}';
BEGIN
  FOR part IN
    SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'hub.landed_page'::regclass AND c.relnamespace = 'parts'::regnamespace
      AND c.relname ~ '_[0-9]{4}_[0-9]{2}$' AND to_date(right(c.relname, 7), 'YYYY_MM') + interval '1 month' <= before
    ORDER BY 1
  LOOP
    BEGIN
      EXECUTE format('LOCK TABLE parts.%I IN ACCESS EXCLUSIVE MODE', part);
      EXECUTE format('SELECT EXISTS (SELECT 1 FROM parts.%I)', part) INTO is_used;
      IF NOT is_used THEN
        EXECUTE format('DROP TABLE parts.%I', part);
        dropped := dropped || part;
      END IF;
    EXCEPTION WHEN lock_not_available THEN
      NULL;
    END;
  END LOOP;
  RETURN dropped;
END $$;
-- Drops whole months of the access log; gives their names. Six months are kept whatever is asked for
-- (网络安全法 art. 21).
CREATE OR REPLACE FUNCTION hub.drop_log_months(keep_months integer) RETURNS text[] LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'Asia/Shanghai' SET lock_timeout = '2s' AS $$
DECLARE
  part text;
  since date := date_trunc('month', current_date) - make_interval(months => greatest(keep_months, 6));
  dropped text[] := '{}';
BEGIN
  FOR part IN
    SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'hub.access_log'::regclass AND c.relnamespace = 'parts'::regnamespace
      AND c.relname ~ '_[0-9]{4}_[0-9]{2}$' AND to_date(right(c.relname, 7), 'YYYY_MM') < since
    ORDER BY 1
  LOOP
    BEGIN
      EXECUTE format('DROP TABLE parts.%I', part);
      dropped := dropped || part;
    EXCEPTION WHEN lock_not_available THEN
      NULL;
    END;
  END LOOP;
  RETURN dropped;
END $$;
-- Brings the planner's statistics of one table up to date: before PostgreSQL 17 its owner alone may.
CREATE OR REPLACE FUNCTION hub.refresh_statistics(target regclass) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM pg_class WHERE oid = target AND relnamespace = 'hub'::regnamespace) THEN
    EXECUTE format('ANALYZE %s', target);
  END IF;
END $$;
REVOKE ALL ON FUNCTION hub.refresh_statistics(regclass) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hub.refresh_statistics(regclass) TO hub_worker;
REVOKE ALL ON FUNCTION hub.make_partitions(), hub.drop_empty_partitions(date), hub.drop_log_months(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hub.make_partitions(), hub.drop_empty_partitions(date), hub.drop_log_months(integer) TO hub_worker;
SELECT hub.make_partitions();
DO $$
BEGIN
  IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'hub_loader') THEN
    GRANT USAGE ON SCHEMA hub TO hub_loader;
    GRANT INSERT ON hub.landed_page, hub.record_page, hub.record TO hub_loader;
  END IF;
END $$;
-- Every API process hears at once that an account changed (src/api/sign-in.ts), whoever changed it.
CREATE OR REPLACE FUNCTION hub.tell_actor_changed() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  NOTIFY hub_actor;
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER actor_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON hub.actor
FOR EACH STATEMENT EXECUTE FUNCTION hub.tell_actor_changed();
-- A distributed server (Citus) refuses policies with sub-selects. There the actor's authorities are read
-- anew for every row; elsewhere the sub-select stays, which is read once per scan.
DO $$
DECLARE
  p record;
  mine text := $mine$coalesce(managed_by && ('{' || current_setting('hub.authorities', true) || '}')::smallint[], false)$mine$;
  kin text := $kin$coalesce(kin_managed_by && ('{' || current_setting('hub.kin_authorities', true) || '}')::smallint[], false)$kin$;
  whose text;
BEGIN
  IF to_regnamespace('citus') IS NULL AND coalesce(current_setting('hub.is_distributed', true), '') <> 'on' THEN
    RETURN;
  END IF;
  FOR p IN SELECT tablename, policyname, qual IS NOT NULL AS reads, with_check IS NOT NULL AS writes,
             qual LIKE '%hub.kin_authorities%' AS is_kin
           FROM pg_policies WHERE schemaname = 'hub' AND concat(qual, with_check) LIKE '%hub.authorities%'
  LOOP
    whose := mine || CASE WHEN p.is_kin THEN ' OR ' || kin ELSE '' END;
    EXECUTE format('ALTER POLICY %I ON hub.%I', p.policyname, p.tablename)
      || CASE WHEN p.reads THEN ' USING (' || whose || ')' ELSE '' END
      || CASE WHEN p.writes THEN ' WITH CHECK (' || whose || ')' ELSE '' END;
  END LOOP;
END $$;
