import type { Migration } from '../migrate.js'

/** Consent to online answers, and the answers from the passages that wait for a model to complete them. */
export const migration0005: Migration = {
  version: 5,
  name: 'answers',
  sql: `
    -- Every decision of a person about online answers; the newest one holds, the earlier ones say what held when.
    create table consent_decisions (
      decision_id uuid primary key,
      patient_id uuid not null references users on delete cascade,
      -- The session in which it was made: on a kiosk a decision holds for its own session alone.
      session_id uuid not null,
      given boolean not null,
      -- Version and language of the text that the person was shown.
      text_version integer not null,
      lang varchar(2) not null check (lang in ('en', 'fr')),
      decided_at timestamptz not null default now()
    );
    create index consent_decisions_of_person on consent_decisions (patient_id, decision_id desc);

    -- One row an answer from the passages that a model may complete. Kept after it was completed or given up, so that it is not begun again.
    create table answer_completions (
      message_id uuid primary key references chat_messages on delete cascade,
      question_id uuid not null references chat_messages on delete cascade,
      conversation_id uuid not null references conversations on delete cascade,
      patient_id uuid not null references users on delete cascade,
      -- The session in which it was asked; on a kiosk nothing is completed for a session that has ended.
      session_id uuid not null,
      role varchar(20) not null,
      lang varchar(2) not null check (lang in ('en', 'fr')),
      -- How the answer was asked for: provider, model, passages.
      preferences jsonb not null,
      state varchar(20) not null check (state in ('waiting', 'queued', 'completed', 'given_up')),
      -- Attempts that reached a provider and gave nothing that can be used; an outage is none.
      attempts integer not null default 0,
      next_try_at timestamptz,
      reason varchar(40),
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      constraint answer_completions_next_try check ((state = 'queued') = (next_try_at is not null))
    );
    create index answer_completions_queued on answer_completions (next_try_at) where state = 'queued';
    create index answer_completions_of_conversation on answer_completions (conversation_id);
    create index answer_completions_question on answer_completions (question_id);
    create index answer_completions_of_person on answer_completions (patient_id);

    -- A completed answer takes the place of the one that it completes, which stays as a version: among messages in the history no two share a place.
    drop index chat_messages_sequence_key;
    create unique index chat_messages_sequence_key on chat_messages (conversation_id, sequence) where superseded_at is null;
  `,
}
