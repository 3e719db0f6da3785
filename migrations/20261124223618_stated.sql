-- What a batch states: the records of its pages, without those that a later row of the batch replaces.
-- Read with the reader's own rights and policies, so it opens nothing.
CREATE VIEW "hub"."stated" WITH (security_invoker = true) AS
SELECT b.batch_id, b.first_ordinal, b.first_ordinal + r."row" AS ordinal, r.slot, b.page_id,
  r.record_key, r.person_id, r.kind, r.digest, r.mention_key, r.mention_name
FROM "hub"."batch_page" b JOIN "hub"."record" r ON r.page_id = b.page_id
WHERE b.superseded IS NULL OR r.slot <> ALL (b.superseded);
