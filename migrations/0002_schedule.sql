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
CREATE POLICY "schedule_signed_in" ON "hub"."schedule" AS PERMISSIVE FOR SELECT TO "hub_api" USING ((select coalesce(current_setting('hub.actor', true), '') <> ''));--> statement-breakpoint
CREATE POLICY "schedule_worker" ON "hub"."schedule" AS PERMISSIVE FOR ALL TO "hub_worker" USING (true) WITH CHECK (true);