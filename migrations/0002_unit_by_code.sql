DROP INDEX "hub"."changed_person_since";--> statement-breakpoint
ALTER TABLE "hub"."changed_person" DROP CONSTRAINT "changed_person_person_id_batch_id_pk";--> statement-breakpoint
ALTER TABLE "hub"."changed_person" ADD CONSTRAINT "changed_person_batch_id_person_id_pk" PRIMARY KEY("batch_id","person_id");--> statement-breakpoint
ALTER TABLE "hub"."batch" ADD COLUMN "has_mentions" boolean DEFAULT true NOT NULL;--> statement-breakpoint
CREATE INDEX "unit_by_code" ON "hub"."unit" USING btree ("unit_code");