-- One row per order that was heard of. Its lock orders "allocated" and "cancelled"; `closed` outlives them both, so
-- that an allocation which arrives after the cancellation makes no parcel.
create table order_seen (
  order_id text primary key,
  closed boolean not null default false
);

create table shipment (
  id uuid primary key,
  order_id text not null,
  order_number text not null,
  buyer_id text not null,
  group_id text not null,
  merchant_id text not null,
  warehouse_id text not null,
  status text not null default 'CREATED'
    check (status in ('CREATED', 'LABELLED', 'PICKED_UP', 'IN_TRANSIT', 'DELIVERED', 'REFUSED', 'LOST', 'RETURNED', 'VOIDED')),
  lines jsonb not null,
  address jsonb not null,
  carrier text not null default '',
  tracking_number text not null default '',
  created_at timestamptz not null default now(),
  shipped_at timestamptz,
  delivered_at timestamptz,
  -- Facts said about this parcel so far.
  version bigint not null default 0,
  unique (order_id, group_id),
  check ((status in ('CREATED', 'VOIDED')) or carrier <> '')
);
create index shipment_status on shipment (status, id);

-- The path of every parcel through its states.
create table shipment_move (
  id bigint generated always as identity primary key,
  shipment_id uuid not null references shipment,
  from_status text not null,
  to_status text not null,
  actor text not null,
  at timestamptz not null default now()
);
create index shipment_move_shipment on shipment_move (shipment_id, id);
revoke update, delete on shipment_move from souk_fulfillment;
