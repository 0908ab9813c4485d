import type { Migration } from '../migrate.js'

/** Translations of messages. Nothing of what was recorded is kept anywhere. */
export const migration0006: Migration = {
  version: 6,
  name: 'voice',
  sql: `
    -- A message in the other language, made by a machine once and kept beside the message, with which it is erased.
    create table message_translations (
      message_id uuid not null references chat_messages on delete cascade,
      lang varchar(2) not null check (lang in ('en', 'fr')),
      content text not null,
      provider varchar(20) not null,
      model varchar(120) not null,
      created_at timestamptz not null default now(),
      primary key (message_id, lang)
    );
  `,
}
