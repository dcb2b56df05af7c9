-- The merchant's payment id is the channel's key: one charge for it, ever.
create table charge (
  payment_id text primary key,
  channel_reference text not null unique,
  -- The address of the hosted page: who knows it may play the buyer.
  token text not null unique,
  currency text not null,
  amount bigint not null check (amount > 0),
  description text not null,
  callback_url text not null,
  return_url text not null,
  status text not null default 'OPEN' check (status in ('OPEN', 'PENDING', 'SUCCEEDED', 'FAILED', 'VOIDED')),
  -- What the buyer played; null until then. PENDING may be played over, everything else is final.
  outcome text,
  seconds integer not null default 0,
  refund_outcome text not null default 'SUCCESS',
  captured_currency text,
  captured_amount bigint,
  created_at timestamptz not null default now(),
  decided_at timestamptz,
  check ((status = 'SUCCEEDED') = (captured_amount is not null)),
  check ((captured_amount is null) = (captured_currency is null))
);

create table refund (
  refund_id text primary key,
  payment_id text not null references charge,
  channel_reference text not null unique,
  currency text not null,
  amount bigint not null check (amount > 0),
  status text not null check (status in ('PENDING', 'SUCCEEDED', 'FAILED')),
  created_at timestamptz not null default now(),
  decided_at timestamptz
);
create index refund_payment on refund (payment_id);

-- The statement: what really moved. Append-only.
create table book (
  id uuid primary key,
  kind text not null check (kind in ('charge', 'refund')),
  payment_id text not null references charge,
  refund_id text references refund,
  currency text not null,
  amount bigint not null check (amount > 0),
  -- Whole milliseconds, so that a page token holds it exactly.
  at timestamptz not null default date_trunc('milliseconds', now())
);
create unique index book_charge on book (payment_id) where kind = 'charge';
create unique index book_refund on book (refund_id) where kind = 'refund';
create index book_at on book (at, id);
revoke update, delete on book from souk_sandbox;

-- One message to the merchant; sent again until it is answered with 2xx. The body never changes, the signature does.
create table callback (
  id uuid primary key,
  payment_id text not null references charge,
  url text not null,
  body text not null,
  attempts integer not null default 0,
  last_result text not null default '',
  created_at timestamptz not null default now(),
  delivered_at timestamptz,
  given_up_at timestamptz
);
create index callback_payment on callback (payment_id, created_at);
