-- An order is one row: what was agreed (lines, totals, address, never changed) and where it stands. Lines and groups are
-- documents inside it: they are written once, read only together with their order, and never joined to anything.
create table orders (
  id uuid primary key,
  number text not null constraint orders_number unique,
  buyer_id uuid not null,
  status text not null,
  version bigint not null,
  currency text not null,
  subtotal bigint not null,
  discount bigint not null,
  freight bigint not null,
  tax bigint not null,
  total bigint not null,
  quantity bigint not null,
  lines jsonb not null,
  groups jsonb not null,
  address jsonb not null,
  note text not null,
  pay_before timestamptz not null,
  created_at timestamptz not null,
  captured bigint not null default 0,
  refunded bigint not null default 0,
  paid boolean not null default false,
  on_delivery boolean not null default false,
  open_payment_id text,
  open_method text,
  cancel_reason text,
  constraint orders_totals check (total = subtotal - discount + freight + tax and total >= 0 and discount between 0 and subtotal),
  constraint orders_refunds check (refunded between 0 and captured),
  constraint orders_cancel_reason check ((cancel_reason is not null) = (status in ('CANCELLING', 'CANCELLED')))
) with (fillfactor = 85);

-- A buyer's list, the staff's list, the staff's list of one status.
create index orders_of_buyer on orders (buyer_id, created_at desc, id desc);
create index orders_newest on orders (created_at desc, id desc);
create index orders_by_status on orders (status, created_at desc, id desc);

-- One row per version of an order, so its history is a path in the table of transitions; the check is the same table.
create table timeline (
  order_id uuid not null,
  version bigint not null,
  at timestamptz not null,
  event text not null,
  was text,
  status text not null,
  actor text not null,
  detail text not null,
  primary key (order_id, version),
  constraint timeline_path check (
    case coalesce(was, '')
      when '' then status = 'AWAITING_PAYMENT' and version = 1
      when 'AWAITING_PAYMENT' then status in ('AWAITING_PAYMENT', 'PAID', 'ALLOCATED', 'CANCELLING', 'CANCELLED')
      when 'PAID' then status in ('PAID', 'ALLOCATED', 'CANCELLING')
      when 'ALLOCATED' then status in ('ALLOCATED', 'SHIPPED', 'CANCELLING')
      when 'SHIPPED' then status in ('SHIPPED', 'DELIVERED')
      when 'CANCELLING' then status in ('CANCELLING', 'CANCELLED')
      else status = was
    end)
);

-- A buyer's live preparation: its frozen price and the hold behind it. The hold belongs to the order id, which is `id`.
create table preparation (
  id uuid primary key,
  buyer_id uuid not null unique,
  hold_expires_at timestamptz not null,
  -- The request that is about to free this hold for its own; nobody may place it any more.
  replaced_by uuid,
  draft json not null
);

-- Aborts a statement that would write an order whose hold is not certain. The constraint's name tells the caller.
create function require_live_hold(live boolean) returns boolean language plpgsql as $$
begin
  if live is not true then
    raise exception 'the hold has ended' using errcode = 'check_violation', constraint = 'live_hold';
  end if;
  return true;
end
$$;
