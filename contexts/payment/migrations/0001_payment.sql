-- One row per order that payment met. Every change of money or attempts of an order takes this row's lock first, so
-- captures, cancellations, new attempts and refunds of one order never race each other.
create table order_standing (
  order_id uuid primary key,
  standing text not null default 'OPEN' check (standing in ('OPEN', 'CANCELLING', 'CANCELLED')),
  -- PaymentSettled was said.
  settled boolean not null default false,
  -- Facts said about the order as a whole.
  version bigint not null default 0
) with (fillfactor = 70);

-- One attempt to pay an order.
create table payment (
  id uuid primary key,
  order_id uuid not null references order_standing,
  order_number text not null,
  buyer_id text not null,
  method text not null,
  status text not null default 'INITIATED'
    check (status in ('INITIATED', 'PROCESSING', 'UNKNOWN', 'AUTHORISED', 'CAPTURED', 'FAILED', 'VOIDED')),
  currency text not null,
  amount bigint not null check (amount >= 0),
  captured bigint not null default 0,
  refunded bigint not null default 0,
  refund_pending bigint not null default 0,
  redirect_url text not null default '',
  channel_reference text not null default '',
  failure text not null default '',
  created_at timestamptz not null default now(),
  changed_at timestamptz not null default now(),
  -- Facts said about this attempt.
  version bigint not null default 0,
  constraint payment_refund_bound
    check (refunded >= 0 and refund_pending >= 0 and refunded + refund_pending <= captured and captured <= amount),
  constraint payment_captured_exactly check (captured = case when status = 'CAPTURED' then amount else 0 end)
) with (fillfactor = 70);
create unique index payment_one_open on payment (order_id)
  where status in ('INITIATED', 'PROCESSING', 'UNKNOWN', 'AUTHORISED');
create unique index payment_one_nothing on payment (order_id) where method = 'none';
create index payment_order on payment (order_id, id);
create index payment_status on payment (status, id);

-- The path of every attempt and refund through its states.
create table move (
  id bigint generated always as identity primary key,
  subject_id uuid not null,
  from_status text not null,
  to_status text not null,
  cause text not null,
  at timestamptz not null default now()
);
create index move_subject on move (subject_id, id);
revoke update, delete on move from souk_payment;

create table refund (
  id uuid primary key,
  payment_id uuid not null references payment,
  order_id uuid not null,
  -- refund: captured money goes back. suspense: money that was never the order's goes back.
  purpose text not null check (purpose in ('refund', 'suspense')),
  currency text not null,
  amount bigint not null check (amount > 0),
  status text not null
    check (status in ('REQUESTED', 'APPROVED', 'SENT', 'UNKNOWN', 'SUCCEEDED', 'FAILED', 'REJECTED')),
  reason text not null,
  -- Souk's own duty (late or double money): tried again until it succeeds.
  automatic boolean not null,
  channel_reference text not null default '',
  created_at timestamptz not null default now(),
  changed_at timestamptz not null default now()
) with (fillfactor = 70);
create index refund_payment on refund (payment_id, id);
create index refund_unresolved on refund (order_id) where status in ('REQUESTED', 'APPROVED', 'SENT', 'UNKNOWN', 'FAILED');

create table refund_line (
  refund_id uuid not null references refund,
  sku_id text not null,
  quantity bigint not null check (quantity > 0),
  primary key (refund_id, sku_id)
);

-- What channels told, as they told it.
create table callback_event (
  channel text not null,
  event_id text not null,
  payment_id text not null,
  type text not null,
  raw bytea not null,
  received_at timestamptz not null default now(),
  processed_at timestamptz,
  outcome text not null default '',
  primary key (channel, event_id)
);
create index callback_event_payment on callback_event (payment_id);

-- The ledger: debits positive, credits negative, every entry sums to zero per currency. Append-only.
create table journal_entry (
  id uuid primary key,
  kind text not null,
  source_type text not null,
  source_id uuid not null,
  at timestamptz not null default now(),
  constraint journal_entry_once unique (source_type, source_id, kind)
);

create index journal_entry_at on journal_entry (at);

create table posting (
  entry_id uuid not null references journal_entry,
  place smallint not null,
  account text not null check (account in ('psp_clearing', 'courier_clearing', 'customer', 'revenue', 'tax', 'promotion',
    'shipping', 'refund_payable', 'fees', 'suspense')),
  currency text not null,
  amount bigint not null check (amount <> 0),
  primary key (entry_id, place)
);
create index posting_account on posting (account, currency);
revoke update, delete on journal_entry, posting from souk_payment;

create function posting_balances() returns trigger language plpgsql set search_path from current as $$
begin
  if exists (select from posting where entry_id = new.entry_id group by currency having sum(amount) <> 0) then
    raise exception 'journal entry % does not balance', new.entry_id using errcode = '23514', constraint = 'posting_balances';
  end if;
  return null;
end $$;
create constraint trigger posting_balances after insert on posting
  deferrable initially deferred for each row execute function posting_balances();

create function entry_has_postings() returns trigger language plpgsql set search_path from current as $$
begin
  if (select count(*) from posting where entry_id = new.id) < 2 then
    raise exception 'journal entry % has fewer than two postings', new.id using errcode = '23514', constraint = 'entry_has_postings';
  end if;
  return null;
end $$;
create constraint trigger entry_has_postings after insert on journal_entry
  deferrable initially deferred for each row execute function entry_has_postings();

-- Findings that somebody should look at; closed when they healed by themselves.
create table payment_case (
  id uuid primary key,
  kind text not null,
  -- The payment, refund or event it is about.
  subject text not null,
  order_id text not null,
  currency text not null default '',
  amount bigint not null default 0,
  detail text not null default '',
  opened_at timestamptz not null default now(),
  closed_at timestamptz,
  resolution text not null default '',
  unique (kind, subject)
);
create index payment_case_open on payment_case (opened_at) where closed_at is null;
