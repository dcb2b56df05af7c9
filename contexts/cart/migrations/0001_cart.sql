create table cart (
  -- `user:<id>`, or `guest:<hash of the token>`; the token itself is known to its holder only.
  owner text primary key check (owner ~ '^(user|guest):.'),
  version bigint not null default 0,
  touched_at timestamptz not null default now()
) with (fillfactor = 70);
create index cart_guest_age on cart (touched_at) where owner like 'guest:%';

create table cart_line (
  owner text not null references cart on delete cascade,
  sku_id text not null,
  quantity integer not null check (quantity between 1 and 9999),
  selected boolean not null default true,
  -- Price and product as they were when the line was last added: shown when the catalog does not answer.
  currency text not null,
  price bigint not null,
  product jsonb not null,
  added_at timestamptz not null default now(),
  primary key (owner, sku_id)
) with (fillfactor = 80);
