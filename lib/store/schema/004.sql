-- The store, version 4: by which text of its format an artifact was read. docs/schema.md explains every column.

-- SHA-256 of templates/formats/NAME.yaml, NAME being the content's format; '' for what is read by code.
ALTER TABLE content ADD COLUMN format_sha256 TEXT NOT NULL DEFAULT '';
