DROP INDEX "hub"."record_of_person";--> statement-breakpoint
CREATE INDEX "record_of_person" ON "hub"."record" USING brin ("person_id" uuid_bloom_ops) WITH (pages_per_range=16,autosummarize=true);