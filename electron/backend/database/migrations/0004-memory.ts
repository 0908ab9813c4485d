import type { Migration } from '../migrate.js'

/** What the assistant remembers: statements of the person with their corrections, and the prompts as they were sent. */
export const migration0004: Migration = {
  version: 4,
  name: 'memory',
  sql: `
    -- One row a statement that a person made about themselves or somebody else, current or corrected. Made from the messages by rules and made
    -- again from them when the history changes; only what a person has forgotten must be kept.
    create table pinned_facts (
      fact_id uuid primary key,
      conversation_id uuid not null references conversations on delete cascade,
      message_id uuid not null references chat_messages on delete cascade,
      sequence integer not null,
      -- Order of the statements of a conversation.
      position integer not null,
      -- Where the words stand in the message, UTF-16.
      start_offset integer not null,
      end_offset integer not null,
      kind varchar(30) not null,
      kinds text[] not null default '{}',
      -- The words of the person with later corrections in them; empty once a forgotten fact is erased.
      value text not null,
      -- Normalised names of what it is about (penicillin, metformin), to find what a correction corrects.
      keys text[] not null default '{}',
      -- Whom it is about: self, a kinship (mother), or null when the words do not tell.
      subject varchar(40),
      lang varchar(2) not null check (lang in ('en', 'fr')),
      worth integer not null default 0,
      superseded_by uuid,
      deleted_by_person timestamptz,
      created_at timestamptz not null default now()
    );
    create index pinned_facts_of_conversation on pinned_facts (conversation_id, position);
    create index pinned_facts_message on pinned_facts (message_id);
    create index pinned_facts_forgotten on pinned_facts (deleted_by_person) where deleted_by_person is not null;

    -- How far the facts of a conversation were read; the revision tells a reader that the history changed under it.
    create table memory_progress (
      conversation_id uuid primary key references conversations on delete cascade,
      through_sequence integer not null default 0,
      revision integer not null default 0,
      -- The person that the conversation is for, when it is not the writer.
      patient varchar(40)
    );

    -- The prompt of an answer exactly as a provider got it; goes with the answer.
    create table sent_prompts (
      message_id uuid primary key references chat_messages on delete cascade,
      messages jsonb not null,
      created_at timestamptz not null default now()
    );
  `,
}
