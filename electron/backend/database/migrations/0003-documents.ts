import type { Migration } from '../migrate.js'

/** Documents that people add: their text is a document of the clinical index, and what is known of the file stands beside it. */
export const migration0003: Migration = {
  version: 3,
  name: 'documents that people add',
  sql: `
    alter table documents drop constraint documents_kind_check;
    alter table documents add constraint documents_kind_check check (kind in ('article', 'clinical_summary', 'upload'));
    -- Where each page begins in the content, as UTF-16 offsets; null where the document has no pages. Passages find their page by their offset.
    alter table documents add column page_starts integer[];

    -- What is known of an added file. The file itself is not kept: its text is in documents.
    create table uploaded_documents (
      document_id text primary key,
      lang text not null,
      title text not null,
      file_name text not null,
      format text not null check (format in ('pdf', 'docx', 'txt', 'md', 'html', 'csv')),
      size_bytes integer not null check (size_bytes > 0),
      -- SHA-256 of the file, hexadecimal.
      file_digest text not null,
      page_count integer,
      pages_without_text integer not null default 0,
      -- As in documents: the same file may stand once for the ward, once for everybody and once for each person.
      audience text not null check (audience in ('public', 'ward', 'owner')),
      owner_id uuid,
      uploaded_by uuid references users on delete set null,
      -- Of a file of the watch folder: where it lies, and its time of change in ms since 1970, by which a change is seen.
      watch_path text,
      watch_modified_ms bigint,
      created_at timestamptz not null default now(),
      foreign key (document_id, lang) references documents (document_id, lang) on delete cascade,
      constraint uploaded_documents_watch_path_key unique (watch_path),
      constraint uploaded_documents_file_key unique nulls not distinct (file_digest, audience, owner_id),
      check ((audience = 'owner') = (owner_id is not null))
    );
    create index uploaded_documents_created on uploaded_documents (created_at desc);
  `,
}
