CREATE TABLE "hub"."access_log" (
	"entry_no" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "hub"."access_log_entry_no_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"at" timestamp with time zone NOT NULL,
	"actor_id" text NOT NULL,
	"operation" text NOT NULL,
	"purpose" text,
	"person_id" uuid,
	"rows" integer,
	"outcome" text NOT NULL
);
--> statement-breakpoint
ALTER TABLE "hub"."access_log" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "hub"."actor" (
	"actor_id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"roles" text[] NOT NULL,
	"authorities" text[] NOT NULL,
	"is_enabled" boolean DEFAULT true NOT NULL
);
--> statement-breakpoint
ALTER TABLE "hub"."actor" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "hub"."audit" (
	"person_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"known_from" date NOT NULL,
	"known_to" date DEFAULT 'infinity' NOT NULL,
	"feed_id" text NOT NULL,
	"batch_id" bigint NOT NULL,
	"ordinal" integer NOT NULL,
	"digest" uuid NOT NULL,
	"managed_by" smallint[] NOT NULL,
	"report_no" text NOT NULL,
	"finding_no" text,
	"unit_code" text NOT NULL,
	"period_from" date NOT NULL,
	"period_to" date NOT NULL,
	"kind" text NOT NULL,
	"reported_on" date NOT NULL,
	"category" text,
	"finding" text,
	"amount_fen" bigint,
	"responsibility" text,
	"due_on" date,
	"state" text,
	CONSTRAINT "audit_person_id_id_known_from_pk" PRIMARY KEY("person_id","id","known_from")
);
--> statement-breakpoint
ALTER TABLE "hub"."audit" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "hub"."declaration" (
	"person_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"known_from" date NOT NULL,
	"known_to" date DEFAULT 'infinity' NOT NULL,
	"feed_id" text NOT NULL,
	"batch_id" bigint NOT NULL,
	"ordinal" integer NOT NULL,
	"digest" uuid NOT NULL,
	"managed_by" smallint[] NOT NULL,
	"year" smallint NOT NULL,
	"kind" text NOT NULL,
	"signed_on" date,
	"nil_sections" text[] NOT NULL,
	"marital_state" text,
	"wages_fen" bigint,
	"fees_fen" bigint,
	CONSTRAINT "declaration_person_id_id_known_from_pk" PRIMARY KEY("person_id","id","known_from")
);
--> statement-breakpoint
ALTER TABLE "hub"."declaration" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "hub"."declared_document" (
	"person_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"known_from" date NOT NULL,
	"known_to" date DEFAULT 'infinity' NOT NULL,
	"feed_id" text NOT NULL,
	"batch_id" bigint NOT NULL,
	"ordinal" integer NOT NULL,
	"digest" uuid NOT NULL,
	"managed_by" smallint[] NOT NULL,
	"year" smallint NOT NULL,
	"kind" text NOT NULL,
	"document_no" text NOT NULL,
	"issued_on" date,
	"expires_on" date,
	"custodian" text,
	CONSTRAINT "declared_document_person_id_id_known_from_pk" PRIMARY KEY("person_id","id","known_from")
);
--> statement-breakpoint
ALTER TABLE "hub"."declared_document" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "hub"."declared_holding" (
	"person_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"known_from" date NOT NULL,
	"known_to" date DEFAULT 'infinity' NOT NULL,
	"feed_id" text NOT NULL,
	"batch_id" bigint NOT NULL,
	"ordinal" integer NOT NULL,
	"digest" uuid NOT NULL,
	"managed_by" smallint[] NOT NULL,
	"year" smallint NOT NULL,
	"owner_name" text NOT NULL,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"amount_fen" bigint NOT NULL,
	"is_market_value" boolean NOT NULL,
	CONSTRAINT "declared_holding_person_id_id_known_from_pk" PRIMARY KEY("person_id","id","known_from")
);
--> statement-breakpoint
ALTER TABLE "hub"."declared_holding" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "hub"."declared_property" (
	"person_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"known_from" date NOT NULL,
	"known_to" date DEFAULT 'infinity' NOT NULL,
	"feed_id" text NOT NULL,
	"batch_id" bigint NOT NULL,
	"ordinal" integer NOT NULL,
	"digest" uuid NOT NULL,
	"managed_by" smallint[] NOT NULL,
	"year" smallint NOT NULL,
	"owner_name" text NOT NULL,
	"unit_no" text,
	"certificate_no" text,
	"address" text NOT NULL,
	"use" text NOT NULL,
	"area_m2" numeric(10, 2),
	"obtained_by" text,
	"bought_on" date,
	"price_fen" bigint,
	"disposed_by" text,
	CONSTRAINT "declared_property_person_id_id_known_from_pk" PRIMARY KEY("person_id","id","known_from")
);
--> statement-breakpoint
ALTER TABLE "hub"."declared_property" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "hub"."declared_trip" (
	"person_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"known_from" date NOT NULL,
	"known_to" date DEFAULT 'infinity' NOT NULL,
	"feed_id" text NOT NULL,
	"batch_id" bigint NOT NULL,
	"ordinal" integer NOT NULL,
	"digest" uuid NOT NULL,
	"managed_by" smallint[] NOT NULL,
	"year" smallint NOT NULL,
	"left_on" date NOT NULL,
	"returned_on" date,
	"region" text,
	"reason" text,
	"approved_by" text,
	"document_no" text,
	CONSTRAINT "declared_trip_person_id_id_known_from_pk" PRIMARY KEY("person_id","id","known_from")
);
--> statement-breakpoint
ALTER TABLE "hub"."declared_trip" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "hub"."kinship" (
	"person_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"known_from" date NOT NULL,
	"known_to" date DEFAULT 'infinity' NOT NULL,
	"feed_id" text NOT NULL,
	"batch_id" bigint NOT NULL,
	"ordinal" integer NOT NULL,
	"digest" uuid NOT NULL,
	"managed_by" smallint[] NOT NULL,
	"relative_id" uuid NOT NULL,
	"relative_name" text NOT NULL,
	"relative_id_number" text,
	"relative_born_on" date,
	"relation" text NOT NULL,
	"is_co_living" boolean NOT NULL,
	"valid_from" date,
	"valid_to" date,
	CONSTRAINT "kinship_person_id_id_known_from_pk" PRIMARY KEY("person_id","id","known_from")
);
--> statement-breakpoint
ALTER TABLE "hub"."kinship" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "hub"."batch" (
	"batch_id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "hub"."batch_batch_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"feed_id" text NOT NULL,
	"as_of" date NOT NULL,
	"sequence" integer DEFAULT 1 NOT NULL,
	"mode" text NOT NULL,
	"payload_name" text NOT NULL,
	"payload_digest" text NOT NULL,
	"payload_bytes" bigint NOT NULL,
	"header" jsonb NOT NULL,
	"kinds" text[] NOT NULL,
	"state" text NOT NULL,
	"refused_zh" text,
	"refused_en" text,
	"rows_landed" integer DEFAULT 0 NOT NULL,
	"rows_recorded" integer DEFAULT 0 NOT NULL,
	"rows_quarantined" integer DEFAULT 0 NOT NULL,
	"rows_superseded" integer DEFAULT 0 NOT NULL,
	"has_mentions" boolean DEFAULT true NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	"linked_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "hub"."batch" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "hub"."changed_person" (
	"person_id" uuid NOT NULL,
	"batch_id" bigint NOT NULL,
	CONSTRAINT "changed_person_batch_id_person_id_pk" PRIMARY KEY("batch_id","person_id")
);
--> statement-breakpoint
ALTER TABLE "hub"."changed_person" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "hub"."feed" (
	"feed_id" text PRIMARY KEY NOT NULL,
	"title_zh" text NOT NULL,
	"title_en" text NOT NULL,
	"publisher_zh" text NOT NULL,
	"publisher_en" text NOT NULL,
	"agreement_no" text NOT NULL,
	"legal_basis" text NOT NULL,
	"purpose" text NOT NULL,
	"stale_after_days" integer NOT NULL,
	"schedule" text NOT NULL,
	"is_enabled" boolean DEFAULT true NOT NULL,
	"data_as_of" date,
	"last_synced_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "hub"."feed" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "hub"."identifier" (
	"mention_key" uuid PRIMARY KEY NOT NULL,
	"person_id" uuid NOT NULL,
	"name_folded" text NOT NULL,
	"batch_id" bigint NOT NULL
);
--> statement-breakpoint
ALTER TABLE "hub"."identifier" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "hub"."landed_row" (
	"batch_id" bigint NOT NULL,
	"ordinal" integer NOT NULL,
	"sheet" text NOT NULL,
	"cells" json NOT NULL,
	"digest" uuid NOT NULL,
	CONSTRAINT "landed_row_batch_id_ordinal_pk" PRIMARY KEY("batch_id","ordinal")
);
--> statement-breakpoint
ALTER TABLE "hub"."landed_row" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "hub"."lease" (
	"name" text PRIMARY KEY NOT NULL,
	"token" bigint NOT NULL,
	"holder" text,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "hub"."lease" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "hub"."moved_record" (
	"batch_id" bigint NOT NULL,
	"kind" text NOT NULL,
	"record_key" uuid NOT NULL,
	"person_id" uuid NOT NULL,
	CONSTRAINT "moved_record_record_key_person_id_batch_id_pk" PRIMARY KEY("record_key","person_id","batch_id")
);
--> statement-breakpoint
ALTER TABLE "hub"."moved_record" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "hub"."quarantine" (
	"batch_id" bigint NOT NULL,
	"ordinal" integer NOT NULL,
	"feed_id" text NOT NULL,
	"reason" text NOT NULL,
	"column" text,
	"message_zh" text NOT NULL,
	"message_en" text NOT NULL,
	"state" text DEFAULT 'open' NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "quarantine_batch_id_ordinal_pk" PRIMARY KEY("batch_id","ordinal")
);
--> statement-breakpoint
ALTER TABLE "hub"."quarantine" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "hub"."record" (
	"record_key" uuid NOT NULL,
	"person_id" uuid NOT NULL,
	"batch_id" bigint NOT NULL,
	"ordinal" integer NOT NULL,
	"part" smallint NOT NULL,
	"kind" text NOT NULL,
	"digest" uuid NOT NULL,
	"body" jsonb NOT NULL,
	"mention_key" uuid,
	"mention_name" text,
	CONSTRAINT "record_record_key_person_id_batch_id_ordinal_part_pk" PRIMARY KEY("record_key","person_id","batch_id","ordinal","part")
);
--> statement-breakpoint
ALTER TABLE "hub"."record" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "hub"."sync_run" (
	"sync_run_id" uuid PRIMARY KEY NOT NULL,
	"feed_id" text NOT NULL,
	"state" text NOT NULL,
	"step" text,
	"progress" integer DEFAULT 0 NOT NULL,
	"requested_by" text NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	"batches" integer DEFAULT 0 NOT NULL,
	"rows_landed" integer DEFAULT 0 NOT NULL,
	"rows_quarantined" integer DEFAULT 0 NOT NULL,
	"error_code" text,
	"error_zh" text,
	"error_en" text,
	"drift" text[] DEFAULT '{}' NOT NULL
);
--> statement-breakpoint
ALTER TABLE "hub"."sync_run" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "hub"."income" (
	"person_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"known_from" date NOT NULL,
	"known_to" date DEFAULT 'infinity' NOT NULL,
	"feed_id" text NOT NULL,
	"batch_id" bigint NOT NULL,
	"ordinal" integer NOT NULL,
	"digest" uuid NOT NULL,
	"managed_by" smallint[] NOT NULL,
	"tax_year" smallint NOT NULL,
	"item" text NOT NULL,
	"payer_name" text NOT NULL,
	"payer_code" text NOT NULL,
	"gross_fen" bigint NOT NULL,
	"deduction_fen" bigint,
	"tax_fen" bigint,
	"is_settled" boolean NOT NULL,
	"reported_on" date,
	CONSTRAINT "income_person_id_id_known_from_pk" PRIMARY KEY("person_id","id","known_from")
);
--> statement-breakpoint
ALTER TABLE "hub"."income" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "hub"."schedule" (
	"name" text PRIMARY KEY NOT NULL,
	"feed_id" text,
	"cron" text NOT NULL,
	"timezone" text DEFAULT 'Asia/Shanghai' NOT NULL,
	"is_enabled" boolean DEFAULT true NOT NULL,
	"done_through" timestamp with time zone NOT NULL,
	"queued_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "hub"."schedule" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "hub"."official" (
	"person_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"known_from" date NOT NULL,
	"known_to" date DEFAULT 'infinity' NOT NULL,
	"feed_id" text NOT NULL,
	"batch_id" bigint NOT NULL,
	"ordinal" integer NOT NULL,
	"digest" uuid NOT NULL,
	"managed_by" smallint[] NOT NULL,
	"name" text NOT NULL,
	"id_number" text NOT NULL,
	"sex" text,
	"born_on" date,
	"level" text NOT NULL,
	"unit_code" text NOT NULL,
	"post_title" text,
	"employment" text NOT NULL,
	"work_started_on" date,
	"authority_code" text NOT NULL,
	CONSTRAINT "official_person_id_id_known_from_pk" PRIMARY KEY("person_id","id","known_from")
);
--> statement-breakpoint
ALTER TABLE "hub"."official" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "hub"."person" (
	"person_id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"id_number" text,
	"sex" text,
	"born_on" date,
	"is_official" boolean NOT NULL,
	"level" text,
	"unit_code" text,
	"unit_name" text,
	"post_title" text,
	"managed_by" smallint[] NOT NULL
);
--> statement-breakpoint
ALTER TABLE "hub"."person" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "hub"."petition" (
	"person_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"known_from" date NOT NULL,
	"known_to" date DEFAULT 'infinity' NOT NULL,
	"feed_id" text NOT NULL,
	"batch_id" bigint NOT NULL,
	"ordinal" integer NOT NULL,
	"digest" uuid NOT NULL,
	"managed_by" smallint[] NOT NULL,
	"case_no" text NOT NULL,
	"channel" text NOT NULL,
	"is_named" boolean NOT NULL,
	"unit_code" text,
	"received_on" date NOT NULL,
	"accepted_on" date,
	"due_on" date,
	"category" text NOT NULL,
	"specificity" smallint,
	"duplicate_of" text,
	"disposal" text,
	"conclusion" text,
	"concluded_on" date,
	CONSTRAINT "petition_person_id_id_known_from_pk" PRIMARY KEY("person_id","id","known_from")
);
--> statement-breakpoint
ALTER TABLE "hub"."petition" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "hub"."post" (
	"person_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"known_from" date NOT NULL,
	"known_to" date DEFAULT 'infinity' NOT NULL,
	"feed_id" text NOT NULL,
	"batch_id" bigint NOT NULL,
	"ordinal" integer NOT NULL,
	"digest" uuid NOT NULL,
	"managed_by" smallint[] NOT NULL,
	"unit_code" text NOT NULL,
	"title" text NOT NULL,
	"duty_code" text NOT NULL,
	"level" text,
	"is_leading_member" boolean NOT NULL,
	"is_audit_subject" boolean NOT NULL,
	"risk_grade" text,
	"started_on" date NOT NULL,
	"ended_on" date,
	"rotation_exemption" text,
	CONSTRAINT "post_person_id_id_known_from_pk" PRIMARY KEY("person_id","id","known_from")
);
--> statement-breakpoint
ALTER TABLE "hub"."post" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "hub"."property" (
	"person_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"known_from" date NOT NULL,
	"known_to" date DEFAULT 'infinity' NOT NULL,
	"feed_id" text NOT NULL,
	"batch_id" bigint NOT NULL,
	"ordinal" integer NOT NULL,
	"digest" uuid NOT NULL,
	"managed_by" smallint[] NOT NULL,
	"unit_no" text NOT NULL,
	"certificate_no" text,
	"address" text NOT NULL,
	"use" text NOT NULL,
	"area_m2" numeric(10, 2) NOT NULL,
	"ownership" text NOT NULL,
	"share_percent" numeric(5, 2) NOT NULL,
	"obtained_by" text NOT NULL,
	"registered_on" date NOT NULL,
	"cancelled_on" date,
	"price_fen" bigint,
	"mortgage_fen" bigint,
	"sold_for_fen" bigint,
	CONSTRAINT "property_person_id_id_known_from_pk" PRIMARY KEY("person_id","id","known_from")
);
--> statement-breakpoint
ALTER TABLE "hub"."property" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "hub"."crossing" (
	"person_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"known_from" date NOT NULL,
	"known_to" date DEFAULT 'infinity' NOT NULL,
	"feed_id" text NOT NULL,
	"batch_id" bigint NOT NULL,
	"ordinal" integer NOT NULL,
	"digest" uuid NOT NULL,
	"managed_by" smallint[] NOT NULL,
	"document_no" text NOT NULL,
	"document_kind" text NOT NULL,
	"direction" text NOT NULL,
	"crossed_at" timestamp with time zone NOT NULL,
	"port" text NOT NULL,
	"region" text,
	"transport_no" text,
	CONSTRAINT "crossing_person_id_id_known_from_pk" PRIMARY KEY("person_id","id","known_from")
);
--> statement-breakpoint
ALTER TABLE "hub"."crossing" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "hub"."travel_document" (
	"person_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"known_from" date NOT NULL,
	"known_to" date DEFAULT 'infinity' NOT NULL,
	"feed_id" text NOT NULL,
	"batch_id" bigint NOT NULL,
	"ordinal" integer NOT NULL,
	"digest" uuid NOT NULL,
	"managed_by" smallint[] NOT NULL,
	"kind" text NOT NULL,
	"document_no" text NOT NULL,
	"issued_on" date NOT NULL,
	"expires_on" date NOT NULL,
	"state" text NOT NULL,
	"ended_on" date,
	CONSTRAINT "travel_document_person_id_id_known_from_pk" PRIMARY KEY("person_id","id","known_from")
);
--> statement-breakpoint
ALTER TABLE "hub"."travel_document" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "hub"."trip" (
	"person_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"known_from" date NOT NULL,
	"known_to" date DEFAULT 'infinity' NOT NULL,
	"feed_id" text NOT NULL,
	"batch_id" bigint NOT NULL,
	"ordinal" integer NOT NULL,
	"digest" uuid NOT NULL,
	"managed_by" smallint[] NOT NULL,
	"document_no" text NOT NULL,
	"document_kind" text NOT NULL,
	"region" text,
	"left_on" date,
	"returned_on" date,
	"is_private" boolean NOT NULL,
	"is_complete" boolean NOT NULL,
	"exit_crossing_id" uuid,
	"entry_crossing_id" uuid,
	"entry_batch_id" bigint,
	"entry_ordinal" bigint,
	CONSTRAINT "trip_person_id_id_known_from_pk" PRIMARY KEY("person_id","id","known_from")
);
--> statement-breakpoint
ALTER TABLE "hub"."trip" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "hub"."authority" (
	"authority_id" smallint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "hub"."authority_authority_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 32767 START WITH 1 CACHE 1),
	"code" text NOT NULL,
	"name" text NOT NULL,
	CONSTRAINT "authority_code_unique" UNIQUE("code")
);
--> statement-breakpoint
ALTER TABLE "hub"."authority" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "hub"."unit" (
	"id" uuid NOT NULL,
	"known_from" date NOT NULL,
	"known_to" date DEFAULT 'infinity' NOT NULL,
	"feed_id" text NOT NULL,
	"batch_id" bigint NOT NULL,
	"ordinal" integer NOT NULL,
	"digest" uuid NOT NULL,
	"unit_code" text NOT NULL,
	"name" text NOT NULL,
	"parent_code" text,
	"kind" text NOT NULL,
	"staff_count" integer,
	"is_key_unit" boolean NOT NULL,
	CONSTRAINT "unit_id_known_from_pk" PRIMARY KEY("id","known_from")
);
--> statement-breakpoint
ALTER TABLE "hub"."unit" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "hub"."vehicle" (
	"person_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"known_from" date NOT NULL,
	"known_to" date DEFAULT 'infinity' NOT NULL,
	"feed_id" text NOT NULL,
	"batch_id" bigint NOT NULL,
	"ordinal" integer NOT NULL,
	"digest" uuid NOT NULL,
	"managed_by" smallint[] NOT NULL,
	"vin" text NOT NULL,
	"plate" text NOT NULL,
	"brand" text NOT NULL,
	"kind" text NOT NULL,
	"obtained_by" text NOT NULL,
	"registered_on" date NOT NULL,
	"state" text NOT NULL,
	"ended_on" date,
	"price_fen" bigint,
	"loan_fen" bigint,
	"sold_for_fen" bigint,
	CONSTRAINT "vehicle_person_id_id_known_from_pk" PRIMARY KEY("person_id","id","known_from")
);
--> statement-breakpoint
ALTER TABLE "hub"."vehicle" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "hub"."finding" (
	"person_id" uuid NOT NULL,
	"unit_code" text DEFAULT '' NOT NULL,
	"rule_id" text NOT NULL,
	"period" text NOT NULL,
	"seen_from" date NOT NULL,
	"seen_to" date DEFAULT 'infinity' NOT NULL,
	"rule_version" integer NOT NULL,
	"night_id" uuid NOT NULL,
	"severity" text NOT NULL,
	"facts" jsonb NOT NULL,
	"evidence" jsonb NOT NULL,
	"digest" uuid NOT NULL,
	"managed_by" smallint[] NOT NULL,
	CONSTRAINT "finding_person_id_rule_id_unit_code_period_seen_from_pk" PRIMARY KEY("person_id","rule_id","unit_code","period","seen_from")
);
--> statement-breakpoint
ALTER TABLE "hub"."finding" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "hub"."night" (
	"night_id" uuid PRIMARY KEY NOT NULL,
	"as_of" date NOT NULL,
	"mode" text NOT NULL,
	"state" text NOT NULL,
	"requested_by" text NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	"last_batch_id" bigint,
	"persons" integer DEFAULT 0 NOT NULL,
	"warnings_new" integer DEFAULT 0 NOT NULL,
	"warnings_changed" integer DEFAULT 0 NOT NULL,
	"warnings_lapsed" integer DEFAULT 0 NOT NULL,
	"progress" integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
ALTER TABLE "hub"."night" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "hub"."rule" (
	"rule_id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"family" text NOT NULL,
	"title_zh" text NOT NULL,
	"title_en" text NOT NULL,
	"condition_zh" text NOT NULL,
	"condition_en" text NOT NULL,
	"legal_basis" jsonb NOT NULL,
	"false_if" jsonb NOT NULL,
	"innocent" jsonb NOT NULL,
	"feeds" text[] NOT NULL,
	"digest" text NOT NULL,
	"is_enabled" boolean DEFAULT true NOT NULL
);
--> statement-breakpoint
ALTER TABLE "hub"."rule" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "hub"."rule_gap" (
	"person_id" uuid NOT NULL,
	"rule_id" text NOT NULL,
	"period" text NOT NULL,
	"reason_zh" text NOT NULL,
	"reason_en" text NOT NULL,
	"night_id" uuid NOT NULL,
	"managed_by" smallint[] NOT NULL,
	CONSTRAINT "rule_gap_person_id_rule_id_period_pk" PRIMARY KEY("person_id","rule_id","period")
);
--> statement-breakpoint
ALTER TABLE "hub"."rule_gap" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "hub"."rule_parameter" (
	"rule_id" text NOT NULL,
	"name" text NOT NULL,
	"valid_from" date NOT NULL,
	"value" jsonb NOT NULL,
	"label_zh" text NOT NULL,
	"label_en" text NOT NULL,
	"basis" text NOT NULL,
	"author" text NOT NULL,
	"reason" text NOT NULL,
	CONSTRAINT "rule_parameter_rule_id_name_valid_from_pk" PRIMARY KEY("rule_id","name","valid_from")
);
--> statement-breakpoint
ALTER TABLE "hub"."rule_parameter" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "hub"."rule_run" (
	"night_id" uuid NOT NULL,
	"rule_id" text NOT NULL,
	"state" text NOT NULL,
	"reason_zh" text,
	"reason_en" text,
	"subjects" integer DEFAULT 0 NOT NULL,
	"findings" integer DEFAULT 0 NOT NULL,
	"gaps" integer DEFAULT 0 NOT NULL,
	"milliseconds" integer DEFAULT 0 NOT NULL,
	"inputs" text,
	"findings_digest" text,
	CONSTRAINT "rule_run_night_id_rule_id_pk" PRIMARY KEY("night_id","rule_id")
);
--> statement-breakpoint
ALTER TABLE "hub"."rule_run" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "hub"."warning" (
	"warning_id" uuid NOT NULL,
	"person_id" uuid NOT NULL,
	"unit_code" text DEFAULT '' NOT NULL,
	"rule_id" text NOT NULL,
	"rule_version" integer NOT NULL,
	"period" text NOT NULL,
	"severity" text NOT NULL,
	"state" text NOT NULL,
	"question_zh" text NOT NULL,
	"question_en" text NOT NULL,
	"facts" jsonb NOT NULL,
	"first_seen_on" date NOT NULL,
	"last_seen_on" date NOT NULL,
	"lapsed_on" date,
	"assignee_id" text,
	"proposed_conclusion" text,
	"proposed_by" text,
	"conclusion" text,
	"concluded_by" text,
	"concluded_at" timestamp with time zone,
	"managed_by" smallint[] NOT NULL,
	CONSTRAINT "warning_person_id_warning_id_pk" PRIMARY KEY("person_id","warning_id")
);
--> statement-breakpoint
ALTER TABLE "hub"."warning" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "hub"."warning_event" (
	"person_id" uuid NOT NULL,
	"warning_id" uuid NOT NULL,
	"event_no" integer NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"actor_id" text,
	"kind" text NOT NULL,
	"note_zh" text,
	"detail" jsonb DEFAULT '{}' NOT NULL,
	"managed_by" smallint[] NOT NULL,
	CONSTRAINT "warning_event_person_id_warning_id_event_no_pk" PRIMARY KEY("person_id","warning_id","event_no")
);
--> statement-breakpoint
ALTER TABLE "hub"."warning_event" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "hub"."warning_evidence" (
	"person_id" uuid NOT NULL,
	"warning_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"subject_kind" text NOT NULL,
	"subject_id" text NOT NULL,
	"label_zh" text NOT NULL,
	"label_en" text NOT NULL,
	"value_zh" text NOT NULL,
	"value_en" text NOT NULL,
	"feed_id" text NOT NULL,
	"batch_id" bigint NOT NULL,
	"ordinal" integer NOT NULL,
	"as_of" date NOT NULL,
	"managed_by" smallint[] NOT NULL,
	CONSTRAINT "warning_evidence_person_id_warning_id_position_pk" PRIMARY KEY("person_id","warning_id","position")
);
--> statement-breakpoint
ALTER TABLE "hub"."warning_evidence" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "hub"."batch" ADD CONSTRAINT "batch_feed_id_feed_feed_id_fk" FOREIGN KEY ("feed_id") REFERENCES "hub"."feed"("feed_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "hub"."sync_run" ADD CONSTRAINT "sync_run_feed_id_feed_feed_id_fk" FOREIGN KEY ("feed_id") REFERENCES "hub"."feed"("feed_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "hub"."rule_parameter" ADD CONSTRAINT "rule_parameter_rule_id_rule_rule_id_fk" FOREIGN KEY ("rule_id") REFERENCES "hub"."rule"("rule_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "hub"."rule_run" ADD CONSTRAINT "rule_run_night_id_night_night_id_fk" FOREIGN KEY ("night_id") REFERENCES "hub"."night"("night_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "hub"."warning_event" ADD CONSTRAINT "warning_event_person_id_warning_id_warning_person_id_warning_id_fk" FOREIGN KEY ("person_id","warning_id") REFERENCES "hub"."warning"("person_id","warning_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "hub"."warning_evidence" ADD CONSTRAINT "warning_evidence_person_id_warning_id_warning_person_id_warning_id_fk" FOREIGN KEY ("person_id","warning_id") REFERENCES "hub"."warning"("person_id","warning_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "access_log_person" ON "hub"."access_log" USING btree ("person_id","at");--> statement-breakpoint
CREATE INDEX "access_log_actor" ON "hub"."access_log" USING btree ("actor_id","at");--> statement-breakpoint
CREATE INDEX "kinship_by_relative" ON "hub"."kinship" USING btree ("relative_id");--> statement-breakpoint
CREATE UNIQUE INDEX "batch_payload" ON "hub"."batch" USING btree ("feed_id","payload_digest");--> statement-breakpoint
CREATE INDEX "batch_order" ON "hub"."batch" USING btree ("feed_id","as_of","sequence");--> statement-breakpoint
CREATE INDEX "quarantine_open" ON "hub"."quarantine" USING btree ("feed_id","state");--> statement-breakpoint
CREATE INDEX "record_of_batch" ON "hub"."record" USING brin ("batch_id");--> statement-breakpoint
CREATE INDEX "record_by_mention" ON "hub"."record" USING btree ("mention_key") WHERE mention_key is not null;--> statement-breakpoint
CREATE INDEX "record_of_person" ON "hub"."record" USING brin ("person_id" uuid_bloom_ops) WITH (pages_per_range=16,autosummarize=true);--> statement-breakpoint
CREATE INDEX "sync_run_recent" ON "hub"."sync_run" USING btree ("feed_id","started_at");--> statement-breakpoint
CREATE INDEX "person_by_name" ON "hub"."person" USING btree ("is_official","name","person_id");--> statement-breakpoint
CREATE INDEX "person_by_unit" ON "hub"."person" USING btree ("unit_code");--> statement-breakpoint
CREATE INDEX "unit_by_code" ON "hub"."unit" USING btree ("unit_code");--> statement-breakpoint
CREATE INDEX "night_recent" ON "hub"."night" USING btree ("started_at");--> statement-breakpoint
CREATE INDEX "warning_by_id" ON "hub"."warning" USING btree ("warning_id");--> statement-breakpoint
CREATE INDEX "warning_queue" ON "hub"."warning" USING btree ("severity","first_seen_on","warning_id");--> statement-breakpoint
CREATE INDEX "warning_by_rule" ON "hub"."warning" USING btree ("rule_id","state");--> statement-breakpoint
CREATE INDEX "warning_evidence_row" ON "hub"."warning_evidence" USING btree ("batch_id","ordinal");--> statement-breakpoint
CREATE POLICY "access_log_append" ON "hub"."access_log" AS PERMISSIVE FOR INSERT TO "hub_api" WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "access_log_worker" ON "hub"."access_log" AS PERMISSIVE FOR ALL TO "hub_worker" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "actor_self" ON "hub"."actor" AS PERMISSIVE FOR SELECT TO "hub_api" USING (true);--> statement-breakpoint
CREATE POLICY "actor_worker" ON "hub"."actor" AS PERMISSIVE FOR ALL TO "hub_worker" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "audit_managed" ON "hub"."audit" AS PERMISSIVE FOR SELECT TO "hub_api" USING (coalesce(managed_by && (select ('{' || current_setting('hub.authorities', true) || '}')::smallint[]), false));--> statement-breakpoint
CREATE POLICY "audit_worker" ON "hub"."audit" AS PERMISSIVE FOR ALL TO "hub_worker" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "declaration_managed" ON "hub"."declaration" AS PERMISSIVE FOR SELECT TO "hub_api" USING (coalesce(managed_by && (select ('{' || current_setting('hub.authorities', true) || '}')::smallint[]), false));--> statement-breakpoint
CREATE POLICY "declaration_worker" ON "hub"."declaration" AS PERMISSIVE FOR ALL TO "hub_worker" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "declared_document_managed" ON "hub"."declared_document" AS PERMISSIVE FOR SELECT TO "hub_api" USING (coalesce(managed_by && (select ('{' || current_setting('hub.authorities', true) || '}')::smallint[]), false));--> statement-breakpoint
CREATE POLICY "declared_document_worker" ON "hub"."declared_document" AS PERMISSIVE FOR ALL TO "hub_worker" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "declared_holding_managed" ON "hub"."declared_holding" AS PERMISSIVE FOR SELECT TO "hub_api" USING (coalesce(managed_by && (select ('{' || current_setting('hub.authorities', true) || '}')::smallint[]), false));--> statement-breakpoint
CREATE POLICY "declared_holding_worker" ON "hub"."declared_holding" AS PERMISSIVE FOR ALL TO "hub_worker" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "declared_property_managed" ON "hub"."declared_property" AS PERMISSIVE FOR SELECT TO "hub_api" USING (coalesce(managed_by && (select ('{' || current_setting('hub.authorities', true) || '}')::smallint[]), false));--> statement-breakpoint
CREATE POLICY "declared_property_worker" ON "hub"."declared_property" AS PERMISSIVE FOR ALL TO "hub_worker" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "declared_trip_managed" ON "hub"."declared_trip" AS PERMISSIVE FOR SELECT TO "hub_api" USING (coalesce(managed_by && (select ('{' || current_setting('hub.authorities', true) || '}')::smallint[]), false));--> statement-breakpoint
CREATE POLICY "declared_trip_worker" ON "hub"."declared_trip" AS PERMISSIVE FOR ALL TO "hub_worker" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "kinship_managed" ON "hub"."kinship" AS PERMISSIVE FOR SELECT TO "hub_api" USING (coalesce(managed_by && (select ('{' || current_setting('hub.authorities', true) || '}')::smallint[]), false));--> statement-breakpoint
CREATE POLICY "kinship_worker" ON "hub"."kinship" AS PERMISSIVE FOR ALL TO "hub_worker" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "batch_signed_in" ON "hub"."batch" AS PERMISSIVE FOR SELECT TO "hub_api" USING ((select coalesce(current_setting('hub.actor', true), '') <> ''));--> statement-breakpoint
CREATE POLICY "batch_worker" ON "hub"."batch" AS PERMISSIVE FOR ALL TO "hub_worker" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "changed_person_worker" ON "hub"."changed_person" AS PERMISSIVE FOR ALL TO "hub_worker" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "feed_signed_in" ON "hub"."feed" AS PERMISSIVE FOR SELECT TO "hub_api" USING ((select coalesce(current_setting('hub.actor', true), '') <> ''));--> statement-breakpoint
CREATE POLICY "feed_worker" ON "hub"."feed" AS PERMISSIVE FOR ALL TO "hub_worker" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "identifier_worker" ON "hub"."identifier" AS PERMISSIVE FOR ALL TO "hub_worker" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "landed_row_cited" ON "hub"."landed_row" AS PERMISSIVE FOR SELECT TO "hub_api" USING (exists (select 1 from hub.warning_evidence e where e.batch_id = landed_row.batch_id and e.ordinal = landed_row.ordinal)
        or exists (select 1 from hub.quarantine q where q.batch_id = landed_row.batch_id and q.ordinal = landed_row.ordinal));--> statement-breakpoint
CREATE POLICY "landed_row_worker" ON "hub"."landed_row" AS PERMISSIVE FOR ALL TO "hub_worker" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "lease_worker" ON "hub"."lease" AS PERMISSIVE FOR ALL TO "hub_worker" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "moved_record_worker" ON "hub"."moved_record" AS PERMISSIVE FOR ALL TO "hub_worker" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "quarantine_operator" ON "hub"."quarantine" AS PERMISSIVE FOR SELECT TO "hub_api" USING ((select 'operator' = any(string_to_array(current_setting('hub.roles', true), ','))));--> statement-breakpoint
CREATE POLICY "quarantine_worker" ON "hub"."quarantine" AS PERMISSIVE FOR ALL TO "hub_worker" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "record_worker" ON "hub"."record" AS PERMISSIVE FOR ALL TO "hub_worker" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "sync_run_signed_in" ON "hub"."sync_run" AS PERMISSIVE FOR SELECT TO "hub_api" USING ((select coalesce(current_setting('hub.actor', true), '') <> ''));--> statement-breakpoint
CREATE POLICY "sync_run_worker" ON "hub"."sync_run" AS PERMISSIVE FOR ALL TO "hub_worker" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "income_managed" ON "hub"."income" AS PERMISSIVE FOR SELECT TO "hub_api" USING (coalesce(managed_by && (select ('{' || current_setting('hub.authorities', true) || '}')::smallint[]), false));--> statement-breakpoint
CREATE POLICY "income_worker" ON "hub"."income" AS PERMISSIVE FOR ALL TO "hub_worker" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "schedule_signed_in" ON "hub"."schedule" AS PERMISSIVE FOR SELECT TO "hub_api" USING ((select coalesce(current_setting('hub.actor', true), '') <> ''));--> statement-breakpoint
CREATE POLICY "schedule_worker" ON "hub"."schedule" AS PERMISSIVE FOR ALL TO "hub_worker" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "official_managed" ON "hub"."official" AS PERMISSIVE FOR SELECT TO "hub_api" USING (coalesce(managed_by && (select ('{' || current_setting('hub.authorities', true) || '}')::smallint[]), false));--> statement-breakpoint
CREATE POLICY "official_worker" ON "hub"."official" AS PERMISSIVE FOR ALL TO "hub_worker" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "person_managed" ON "hub"."person" AS PERMISSIVE FOR SELECT TO "hub_api" USING (coalesce(managed_by && (select ('{' || current_setting('hub.authorities', true) || '}')::smallint[]), false));--> statement-breakpoint
CREATE POLICY "person_worker" ON "hub"."person" AS PERMISSIVE FOR ALL TO "hub_worker" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "petition_managed" ON "hub"."petition" AS PERMISSIVE FOR SELECT TO "hub_api" USING (coalesce(managed_by && (select ('{' || current_setting('hub.authorities', true) || '}')::smallint[]), false));--> statement-breakpoint
CREATE POLICY "petition_worker" ON "hub"."petition" AS PERMISSIVE FOR ALL TO "hub_worker" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "post_managed" ON "hub"."post" AS PERMISSIVE FOR SELECT TO "hub_api" USING (coalesce(managed_by && (select ('{' || current_setting('hub.authorities', true) || '}')::smallint[]), false));--> statement-breakpoint
CREATE POLICY "post_worker" ON "hub"."post" AS PERMISSIVE FOR ALL TO "hub_worker" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "property_managed" ON "hub"."property" AS PERMISSIVE FOR SELECT TO "hub_api" USING (coalesce(managed_by && (select ('{' || current_setting('hub.authorities', true) || '}')::smallint[]), false));--> statement-breakpoint
CREATE POLICY "property_worker" ON "hub"."property" AS PERMISSIVE FOR ALL TO "hub_worker" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "crossing_managed" ON "hub"."crossing" AS PERMISSIVE FOR SELECT TO "hub_api" USING (coalesce(managed_by && (select ('{' || current_setting('hub.authorities', true) || '}')::smallint[]), false));--> statement-breakpoint
CREATE POLICY "crossing_worker" ON "hub"."crossing" AS PERMISSIVE FOR ALL TO "hub_worker" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "travel_document_managed" ON "hub"."travel_document" AS PERMISSIVE FOR SELECT TO "hub_api" USING (coalesce(managed_by && (select ('{' || current_setting('hub.authorities', true) || '}')::smallint[]), false));--> statement-breakpoint
CREATE POLICY "travel_document_worker" ON "hub"."travel_document" AS PERMISSIVE FOR ALL TO "hub_worker" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "trip_managed" ON "hub"."trip" AS PERMISSIVE FOR SELECT TO "hub_api" USING (coalesce(managed_by && (select ('{' || current_setting('hub.authorities', true) || '}')::smallint[]), false));--> statement-breakpoint
CREATE POLICY "trip_worker" ON "hub"."trip" AS PERMISSIVE FOR ALL TO "hub_worker" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "authority_signed_in" ON "hub"."authority" AS PERMISSIVE FOR SELECT TO "hub_api" USING ((select coalesce(current_setting('hub.actor', true), '') <> ''));--> statement-breakpoint
CREATE POLICY "authority_worker" ON "hub"."authority" AS PERMISSIVE FOR ALL TO "hub_worker" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "unit_signed_in" ON "hub"."unit" AS PERMISSIVE FOR SELECT TO "hub_api" USING ((select coalesce(current_setting('hub.actor', true), '') <> ''));--> statement-breakpoint
CREATE POLICY "unit_worker" ON "hub"."unit" AS PERMISSIVE FOR ALL TO "hub_worker" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "vehicle_managed" ON "hub"."vehicle" AS PERMISSIVE FOR SELECT TO "hub_api" USING (coalesce(managed_by && (select ('{' || current_setting('hub.authorities', true) || '}')::smallint[]), false));--> statement-breakpoint
CREATE POLICY "vehicle_worker" ON "hub"."vehicle" AS PERMISSIVE FOR ALL TO "hub_worker" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "finding_managed" ON "hub"."finding" AS PERMISSIVE FOR SELECT TO "hub_api" USING (coalesce(managed_by && (select ('{' || current_setting('hub.authorities', true) || '}')::smallint[]), false));--> statement-breakpoint
CREATE POLICY "finding_worker" ON "hub"."finding" AS PERMISSIVE FOR ALL TO "hub_worker" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "night_signed_in" ON "hub"."night" AS PERMISSIVE FOR SELECT TO "hub_api" USING ((select coalesce(current_setting('hub.actor', true), '') <> ''));--> statement-breakpoint
CREATE POLICY "night_worker" ON "hub"."night" AS PERMISSIVE FOR ALL TO "hub_worker" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "rule_signed_in" ON "hub"."rule" AS PERMISSIVE FOR SELECT TO "hub_api" USING ((select coalesce(current_setting('hub.actor', true), '') <> ''));--> statement-breakpoint
CREATE POLICY "rule_worker" ON "hub"."rule" AS PERMISSIVE FOR ALL TO "hub_worker" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "rule_gap_managed" ON "hub"."rule_gap" AS PERMISSIVE FOR SELECT TO "hub_api" USING (coalesce(managed_by && (select ('{' || current_setting('hub.authorities', true) || '}')::smallint[]), false));--> statement-breakpoint
CREATE POLICY "rule_gap_worker" ON "hub"."rule_gap" AS PERMISSIVE FOR ALL TO "hub_worker" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "rule_parameter_signed_in" ON "hub"."rule_parameter" AS PERMISSIVE FOR SELECT TO "hub_api" USING ((select coalesce(current_setting('hub.actor', true), '') <> ''));--> statement-breakpoint
CREATE POLICY "rule_parameter_worker" ON "hub"."rule_parameter" AS PERMISSIVE FOR ALL TO "hub_worker" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "rule_run_signed_in" ON "hub"."rule_run" AS PERMISSIVE FOR SELECT TO "hub_api" USING ((select coalesce(current_setting('hub.actor', true), '') <> ''));--> statement-breakpoint
CREATE POLICY "rule_run_worker" ON "hub"."rule_run" AS PERMISSIVE FOR ALL TO "hub_worker" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "warning_managed" ON "hub"."warning" AS PERMISSIVE FOR SELECT TO "hub_api" USING (coalesce(managed_by && (select ('{' || current_setting('hub.authorities', true) || '}')::smallint[]), false));--> statement-breakpoint
CREATE POLICY "warning_write" ON "hub"."warning" AS PERMISSIVE FOR UPDATE TO "hub_api" USING (coalesce(managed_by && (select ('{' || current_setting('hub.authorities', true) || '}')::smallint[]), false)) WITH CHECK (coalesce(managed_by && (select ('{' || current_setting('hub.authorities', true) || '}')::smallint[]), false));--> statement-breakpoint
CREATE POLICY "warning_worker" ON "hub"."warning" AS PERMISSIVE FOR ALL TO "hub_worker" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "warning_event_managed" ON "hub"."warning_event" AS PERMISSIVE FOR SELECT TO "hub_api" USING (coalesce(managed_by && (select ('{' || current_setting('hub.authorities', true) || '}')::smallint[]), false));--> statement-breakpoint
CREATE POLICY "warning_event_append" ON "hub"."warning_event" AS PERMISSIVE FOR INSERT TO "hub_api" WITH CHECK (coalesce(managed_by && (select ('{' || current_setting('hub.authorities', true) || '}')::smallint[]), false));--> statement-breakpoint
CREATE POLICY "warning_event_worker" ON "hub"."warning_event" AS PERMISSIVE FOR ALL TO "hub_worker" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "warning_evidence_managed" ON "hub"."warning_evidence" AS PERMISSIVE FOR SELECT TO "hub_api" USING (coalesce(managed_by && (select ('{' || current_setting('hub.authorities', true) || '}')::smallint[]), false));--> statement-breakpoint
CREATE POLICY "warning_evidence_worker" ON "hub"."warning_evidence" AS PERMISSIVE FOR ALL TO "hub_worker" USING (true) WITH CHECK (true);