-- The platform's tables, once in every context's schema (search_path is that schema).

create table outbox (
  id bigint generated always as identity primary key,
  event_id uuid not null unique,
  type text not null,
  aggregate_id text not null,
  aggregate_version bigint not null,
  payload jsonb not null,
  traceparent text not null,
  broadcast boolean not null,
  -- Snapshot bookkeeping of broadcast readers: everything below a snapshot's xmin is final.
  xid xid8 not null default pg_current_xact_id(),
  created_at timestamptz not null default now(),
  unique (aggregate_id, aggregate_version)
);
create index outbox_broadcast on outbox (xid) where broadcast;

-- One row per (consumer, fact) that still has to be taken.
create table outbox_todo (
  consumer text not null,
  id bigint not null,
  primary key (consumer, id)
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02);

create table outbox_lease (
  shard smallint primary key,
  owner text not null,
  epoch bigint not null,
  expires_at timestamptz not null
);

-- What this context has taken, as consumer.
create table inbox (
  aggregate_id text not null,
  source text not null,
  aggregate_version bigint not null,
  event_id uuid not null,
  type text not null,
  taken_at timestamptz not null default now(),
  primary key (source, aggregate_id, aggregate_version)
);

-- Facts that could not be applied; the aggregate's later facts queue up behind the first.
create table parked (
  event_id uuid primary key,
  source text not null,
  aggregate_id text not null,
  aggregate_version bigint not null,
  type text not null,
  payload jsonb not null,
  traceparent text not null,
  published_at timestamptz not null,
  error text not null,
  parked_at timestamptz not null default now()
);
create index parked_aggregate on parked (source, aggregate_id);

create table timer (
  id uuid primary key,
  kind text not null,
  aggregate_id text not null,
  due_at timestamptz not null,
  payload jsonb not null,
  attempts integer not null default 0,
  locked_until timestamptz,
  last_error text,
  unique (kind, aggregate_id)
) with (fillfactor = 80);
create index timer_due on timer (due_at);

create table idempotency_key (
  principal text not null,
  route text not null,
  key text not null,
  request_hash text not null,
  resource_id uuid not null,
  -- running, done, refused
  state text not null,
  locked_until timestamptz,
  reply json,
  created_at timestamptz not null default now(),
  primary key (principal, route, key)
) with (fillfactor = 80);
create index idempotency_key_age on idempotency_key (created_at);

create table audit (
  id uuid primary key,
  at timestamptz not null default now(),
  actor text not null,
  action text not null,
  target text not null,
  before jsonb,
  after jsonb,
  reason text not null,
  trace_id text not null
);
create index audit_target on audit (target, at);
