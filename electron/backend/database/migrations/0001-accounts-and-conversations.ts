import type { Migration } from '../migrate.js'

/** People, their conversations and messages, and what belongs to them. */
export const migration0001: Migration = {
  version: 1,
  name: 'accounts and conversations',
  sql: `
    create table users (
      patient_id uuid primary key,
      full_name varchar(200) not null,
      phone_number varchar(20),
      email varchar(255),
      preferred_language varchar(10) not null default 'en' check (preferred_language in ('en', 'fr')),
      role varchar(20) not null check (role in ('guest', 'patient', 'nurse', 'admin')),
      password_hash varchar(255),
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      -- A guest has neither phone nor password; everybody else has both.
      constraint users_credentials check ((role = 'guest') = (phone_number is null) and (role = 'guest') = (password_hash is null))
    );
    create unique index users_phone_number_key on users (phone_number);
    create unique index users_email_key on users (lower(email));

    create table refresh_tokens (
      token_id uuid primary key,
      -- Every token of one sign-in: reuse of a spent token ends the whole family.
      family_id uuid not null,
      patient_id uuid not null references users on delete cascade,
      issued_at timestamptz not null default now(),
      expires_at timestamptz not null,
      replaced_by uuid,
      revoked_at timestamptz
    );
    create index refresh_tokens_family on refresh_tokens (family_id);
    create index refresh_tokens_patient on refresh_tokens (patient_id);

    create table sign_in_attempts (
      -- Keyed hash of the phone number, so that unknown numbers are limited without being stored.
      phone_key text primary key,
      failures integer not null,
      locked_until timestamptz,
      updated_at timestamptz not null default now()
    );

    create table conversations (
      conversation_id uuid primary key,
      patient_id uuid not null references users on delete cascade,
      title varchar(500),
      conversation_type varchar(50) not null default 'general' check (conversation_type in ('general', 'rag_query')),
      status varchar(50) not null default 'active' check (status in ('active', 'archived')),
      is_favorite boolean not null default false,
      metadata jsonb not null default '{}',
      -- Last sequence given to a message; taken under the row's lock.
      last_sequence integer not null default 0,
      created_at timestamptz not null default now(),
      -- Milliseconds, as the pages' cursor carries them: a finer time would make a page skip rows.
      updated_at timestamptz(3) not null default now(),
      deleted_at timestamptz
    );
    create index conversations_of_person on conversations (patient_id, updated_at desc, conversation_id desc) where deleted_at is null;
    create index conversations_deleted on conversations (deleted_at) where deleted_at is not null;

    create table chat_messages (
      message_id uuid primary key,
      conversation_id uuid not null references conversations on delete cascade,
      parent_id uuid,
      sequence integer not null,
      role varchar(20) not null check (role in ('user', 'assistant')),
      content text not null,
      state varchar(20) not null check (state in ('streaming', 'complete', 'partial', 'stopped')),
      timestamp timestamptz not null default now(),
      model_used varchar(120),
      token_count integer,
      message_metadata jsonb not null default '{}',
      client_message_id uuid,
      -- Set when a newer version (regenerated or edited) took its place; with its answers it leaves the history but not the disk.
      superseded_at timestamptz,
      deleted_at timestamptz
    );
    create unique index chat_messages_sequence_key on chat_messages (conversation_id, sequence);
    create unique index chat_messages_client_key on chat_messages (client_message_id) where client_message_id is not null;
    create index chat_messages_visible on chat_messages (conversation_id, sequence desc) where deleted_at is null and superseded_at is null;
    create index chat_messages_parent on chat_messages (parent_id) where parent_id is not null;
    create index chat_messages_streaming on chat_messages (state) where state = 'streaming';
    create index chat_messages_deleted on chat_messages (deleted_at) where deleted_at is not null;

    -- A message gets its final state once; from then on only deletion, restoring and being superseded touch it.
    create function chat_message_is_final() returns trigger language plpgsql as $function$
    begin
      raise exception 'a final message is immutable' using errcode = 'check_violation', constraint = 'chat_messages_final';
    end
    $function$;
    create trigger chat_messages_final before update on chat_messages for each row
      when (old.state <> 'streaming' and (old.content, old.state, old.role, old.sequence, old.parent_id, old.conversation_id, old.model_used, old.message_metadata)
        is distinct from (new.content, new.state, new.role, new.sequence, new.parent_id, new.conversation_id, new.model_used, new.message_metadata))
      execute function chat_message_is_final();

    create table conversation_summaries (
      conversation_id uuid primary key references conversations on delete cascade,
      content text not null,
      -- Messages up to this sequence are in the summary.
      through_sequence integer not null,
      token_count integer not null,
      made_by varchar(20) not null check (made_by in ('provider', 'extraction')),
      updated_at timestamptz not null default now()
    );

    create table feedback (
      feedback_id uuid primary key,
      message_id uuid not null references chat_messages on delete cascade,
      patient_id uuid not null references users on delete cascade,
      rating varchar(20) not null check (rating in ('helpful', 'not_helpful')),
      comment text,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      constraint feedback_message_person_key unique (message_id, patient_id)
    );

    create table settings (
      -- 'device', or the id of a person.
      scope varchar(40) not null,
      key varchar(100) not null,
      value jsonb not null,
      updated_at timestamptz not null default now(),
      primary key (scope, key)
    );

    create table provider_usage (
      usage_id uuid primary key,
      provider varchar(20) not null,
      model varchar(120) not null,
      prompt_tokens integer,
      completion_tokens integer,
      outcome varchar(20) not null check (outcome in ('complete', 'partial', 'stopped', 'failed')),
      duration_ms integer not null,
      created_at timestamptz not null default now()
    );
    create index provider_usage_created on provider_usage (created_at);

    -- Reserved for the sync with the central database; nothing writes it yet.
    create table outbox (
      op_seq bigint generated always as identity primary key,
      op_id uuid not null unique,
      author uuid not null,
      table_name varchar(63) not null,
      row_key uuid not null,
      base_version bigint,
      patch jsonb not null,
      state varchar(20) not null default 'pending' check (state in ('pending', 'sent', 'applied', 'dead')),
      created_at timestamptz not null default now()
    );
  `,
}
