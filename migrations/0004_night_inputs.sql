ALTER TABLE "hub"."rule_run" ADD COLUMN "inputs" text;--> statement-breakpoint
ALTER TABLE "hub"."rule_run" ADD COLUMN "findings_digest" text;