CREATE TABLE "hub"."moved_record" (
	"batch_id" bigint NOT NULL,
	"kind" text NOT NULL,
	"record_key" uuid NOT NULL,
	"person_id" uuid NOT NULL,
	CONSTRAINT "moved_record_record_key_person_id_batch_id_pk" PRIMARY KEY("record_key","person_id","batch_id")
);
--> statement-breakpoint
ALTER TABLE "hub"."moved_record" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
DROP INDEX "hub"."record_unresolved";--> statement-breakpoint
ALTER TABLE "hub"."batch" ADD COLUMN "refused_zh" text;--> statement-breakpoint
ALTER TABLE "hub"."batch" ADD COLUMN "refused_en" text;--> statement-breakpoint
CREATE INDEX "record_by_mention" ON "hub"."record" USING btree ("mention_key") WHERE mention_key is not null;--> statement-breakpoint
CREATE POLICY "moved_record_worker" ON "hub"."moved_record" AS PERMISSIVE FOR ALL TO "hub_worker" USING (true) WITH CHECK (true);