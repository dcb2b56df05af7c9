-- Accounts, their sessions and addresses; signing keys; API keys; failed sign-ins.

create table account (
  id uuid primary key,
  -- Normalised; unique here and nowhere else decides a race of two registrations.
  email text unique,
  phone text unique,
  password_hash text not null,
  nickname text not null,
  roles text[] not null,
  status text not null check (status in ('ACTIVE', 'FROZEN')),
  locale text not null,
  -- Version of the last fact published about this account.
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  check (email is not null or phone is not null)
);
-- Prefix search of staff; bytewise, whatever the database's collation.
create index account_email_prefix on account (email text_pattern_ops);
create index account_phone_prefix on account (phone text_pattern_ops);
create index account_nickname_prefix on account (lower(nickname) text_pattern_ops);
create index account_staff on account (id) where roles <> '{}';

create table session (
  id uuid primary key,
  user_id uuid not null references account (id) on delete cascade,
  device text not null,
  address text not null,
  -- Derives each refresh token from the one before it.
  rotation_key bytea not null,
  created_at timestamptz not null default now(),
  last_seen_at timestamptz not null default now(),
  expires_at timestamptz not null,
  stepped_up_until timestamptz,
  revoked_at timestamptz
);
create index session_live on session (user_id, id) where revoked_at is null;
create index session_revoked on session (revoked_at) where revoked_at is not null;
create index session_expiry on session (expires_at);

-- Every token of a session's family, by SHA-256: a rotated one that comes back late is a stolen one.
create table refresh_token (
  hash bytea primary key,
  session_id uuid not null references session (id) on delete cascade,
  rotated_at timestamptz
);
create index refresh_token_session on refresh_token (session_id);

create table address (
  id uuid primary key,
  user_id uuid not null references account (id) on delete cascade,
  recipient text not null,
  phone text not null,
  country text not null,
  province text not null,
  city text not null,
  district text not null,
  line1 text not null,
  line2 text not null,
  postal_code text not null,
  is_default boolean not null
);
create index address_user on address (user_id, id);
create unique index address_one_default on address (user_id) where is_default;

-- Failed sign-ins per (account, network address) and per network address.
create table login_failure (
  subject text primary key,
  failures integer not null,
  last_failed_at timestamptz not null,
  blocked_until timestamptz
);
create index login_failure_age on login_failure (last_failed_at);

create table signing_key (
  kid text primary key,
  -- Two processes that rotate at the same moment want the same generation; one gets it.
  generation integer not null unique,
  public_jwk jsonb not null,
  private_jwk jsonb not null,
  signs_from timestamptz not null
);

create table api_key (
  id uuid primary key,
  name text not null,
  scopes text[] not null,
  prefix text not null,
  secret_hash bytea not null unique,
  created_by text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz
);
