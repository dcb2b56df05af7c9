create table warehouse (
  id uuid primary key,
  code text not null unique check (code ~ '^[a-z0-9-]{1,40}$'),
  name text not null check (name <> ''),
  is_default boolean not null default false,
  created_at timestamptz not null default now()
);
create unique index warehouse_one_default on warehouse (is_default) where is_default;

-- What the public sees of a SKU; written only when its band changes. `version` counts its AvailabilityChanged facts.
create table sku (
  sku_id text primary key,
  band text not null check (band in ('IN_STOCK', 'LOW', 'OUT_OF_STOCK')),
  version bigint not null
);

-- No index on a counter and free space in each page, so that every update stays within its page (HOT).
create table stock (
  sku_id text not null references sku,
  warehouse_id uuid not null references warehouse,
  on_hand bigint not null default 0 check (on_hand <= 1000000000000),
  reserved bigint not null default 0,
  allocated bigint not null default 0,
  safety_stock bigint not null default 0 check (safety_stock >= 0),
  primary key (sku_id, warehouse_id),
  constraint stock_sound check (reserved >= 0 and allocated >= 0 and reserved + allocated <= on_hand)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05);

-- One row per try to hold stock for an order id. Whoever changes one holds the stock rows of its lines.
create table hold (
  order_id uuid not null,
  attempt integer not null check (attempt >= 1),
  -- Made with an API key, not by another context: ends by our clock, and only API keys may operate it.
  external boolean not null,
  state text not null check (state in ('HELD', 'COMMITTED', 'SHIPPED', 'RELEASED', 'EXPIRED')),
  -- An overdue hold that its order still needs.
  attached boolean not null default false,
  expires_at timestamptz not null,
  -- When to look at it next while it is HELD.
  check_at timestamptz not null,
  -- Counts the facts said about this order id, over all attempts.
  version bigint not null,
  created_at timestamptz not null default now(),
  primary key (order_id, attempt)
) with (fillfactor = 70);
create index hold_due on hold (check_at) where state = 'HELD';

create table hold_line (
  order_id uuid not null,
  attempt integer not null,
  sku_id text not null,
  warehouse_id uuid not null,
  quantity bigint not null check (quantity > 0),
  shipped bigint not null default 0,
  primary key (order_id, attempt, sku_id, warehouse_id),
  check (shipped between 0 and quantity)
) with (fillfactor = 80);

-- Every change of on hand, append-only: on_hand = sum(quantity) per (warehouse, SKU).
create table movement (
  id uuid primary key,
  sku_id text not null,
  warehouse_id uuid not null,
  kind text not null check (kind in ('RECEIPT', 'SALE', 'RETURN', 'ADJUSTMENT', 'TRANSFER')),
  quantity bigint not null check (quantity <> 0),
  reason text not null,
  actor text not null,
  reference text not null,
  at timestamptz not null default now()
);
create index movement_of_sku on movement (sku_id, id);
create unique index movement_receipt_once on movement (reference, sku_id) where kind = 'RECEIPT';
revoke update, delete, truncate on movement from souk_inventory;
