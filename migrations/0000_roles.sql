-- The roles themselves belong to the server and are made before any file (src/platform/roles.ts).
CREATE SCHEMA IF NOT EXISTS hub;
