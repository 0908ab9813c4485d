import type { Migration } from '../migrate.js'

/** Documents and their passages, the truth of the clinical index, with embeddings kept by content and model. */
export const migration0002: Migration = {
  version: 2,
  name: 'clinical index',
  sql: `
    create table documents (
      document_id text not null,
      lang text not null check (lang in ('en', 'fr')),
      kind text not null check (kind in ('article', 'clinical_summary')),
      title text not null,
      topic text,
      department text,
      audience text not null check (audience in ('public', 'ward', 'owner')),
      owner_id uuid,
      content text not null,
      content_hash text not null,
      sources jsonb not null default '[]',
      reviewed_by text not null,
      reviewed boolean not null default false,
      version integer not null default 1,
      updated date,
      keywords text[] not null default '{}',
      created_at timestamptz not null default now(),
      primary key (document_id, lang),
      check ((audience = 'owner') = (owner_id is not null))
    );
    create index documents_kind_idx on documents (kind, document_id, lang);

    create table passages (
      passage_id uuid primary key,
      document_id text not null,
      lang text not null,
      ordinal integer not null,
      heading text not null default '',
      content text not null,
      start_offset integer not null check (start_offset >= 0),
      end_offset integer not null check (end_offset > start_offset),
      audience text not null check (audience in ('public', 'ward', 'owner')),
      owner_id uuid,
      content_hash text not null,
      foreign key (document_id, lang) references documents (document_id, lang) on delete cascade,
      unique (document_id, lang, ordinal)
    );

    create table embeddings (
      content_hash text not null,
      model text not null,
      embedding bytea not null,
      primary key (content_hash, model)
    );
  `,
}
