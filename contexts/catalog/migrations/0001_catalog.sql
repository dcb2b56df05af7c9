-- One row that every change of the tree locks first: no two changes can make a cycle together.
create table category_tree (
  id boolean primary key default true check (id)
);
insert into category_tree default values;

create table category (
  id uuid primary key,
  slug text not null constraint category_slug unique,
  name text not null,
  -- Names per locale.
  names jsonb not null,
  parent_id uuid references category (id),
  -- From its department down to itself.
  path uuid[] not null,
  hue smallint not null,
  image text not null,
  position integer not null,
  fact_version bigint not null default 0,
  created_at timestamptz not null default now()
);
create index category_parent on category (parent_id);

create table product (
  id uuid primary key,
  slug text not null constraint product_slug unique,
  merchant_id text not null,
  state text not null check (state in ('DRAFT', 'PUBLISHED', 'UNPUBLISHED', 'ARCHIVED')),
  -- Counts edits: what an editor must have seen.
  version bigint not null default 1,
  -- Counts facts said about the product.
  fact_version bigint not null default 0,
  -- To be published as soon as inventory knows its SKUs.
  publish_requested boolean not null default false,
  name text not null,
  description text not null,
  -- Texts per locale.
  names jsonb not null,
  descriptions jsonb not null,
  words jsonb not null,
  brand text not null,
  tags text[] not null,
  attributes jsonb not null,
  options jsonb not null,
  pictures jsonb not null,
  category_ids uuid[] not null,
  currency text not null,
  -- Derived from its SKUs for lists: lowest price, its list price, best stock band.
  price bigint not null,
  list_price bigint,
  availability text not null default 'OUT_OF_STOCK',
  -- Lower case, both languages: what `q` looks into.
  search_text text not null,
  -- The import that wrote it last and the row it began at: tells a repeated handle from a repeated batch.
  import_job uuid,
  import_row integer,
  published_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
) with (fillfactor = 85);
create index product_state on product (state, id);
-- Written at once: a list of pending entries would be read by every search.
create index product_search on product using gin (search_text gin_trgm_ops) with (fastupdate = off);

create table sku (
  id uuid primary key,
  product_id uuid not null references product (id),
  code text not null constraint sku_code unique,
  place integer not null,
  options jsonb not null,
  -- Options in each locale's words.
  labels jsonb not null,
  -- The combination; retired SKUs give theirs back. Checked at the end of each statement, so values may swap.
  option_key text not null,
  price bigint not null check (price >= 0),
  list_price bigint check (list_price >= price),
  weight integer not null,
  barcode text not null,
  image text not null,
  retired boolean not null default false,
  initial_stock bigint not null,
  -- Inventory knows it.
  received boolean not null default false,
  constraint sku_combination unique (product_id, option_key) deferrable initially immediate
);
create index sku_product on sku (product_id, place);
create index sku_unreceived on sku (product_id) where not received;

-- What inventory's facts said last; only a newer version wins.
create table sku_stock (
  sku_id uuid primary key references sku (id),
  band text not null check (band in ('IN_STOCK', 'LOW', 'OUT_OF_STOCK')),
  version bigint not null
) with (fillfactor = 85);

-- Published products on every shelf they stand on: all, b:<brand>, c:<category or one above it>.
create table listing (
  shelf text collate "C" not null,
  product_id uuid not null references product (id),
  -- Microseconds since 1970 of the first publication.
  newest bigint not null,
  price bigint not null,
  sort_name text collate "C" not null,
  primary key (shelf, product_id)
);
create index listing_newest on listing (shelf, newest, product_id);
create index listing_price on listing (shelf, price, product_id);
create index listing_name on listing (shelf, sort_name, product_id);
create index listing_product on listing (product_id);

create table media (
  -- Content hash; the file is <hash>.webp.
  hash text primary key,
  width integer not null,
  height integer not null,
  cutout boolean not null,
  bytes integer not null,
  created_at timestamptz not null default now()
);

create table import_job (
  id uuid primary key,
  state text not null check (state in ('QUEUED', 'RUNNING', 'DONE', 'FAILED')),
  -- File name in the data folder's imports.
  file text not null,
  columns jsonb not null,
  -- Where to go on: first byte and row of the first product that is not written yet.
  byte_offset bigint not null,
  next_row integer not null,
  rows integer not null default 0,
  done integer not null default 0,
  failed integer not null default 0,
  created_at timestamptz not null default now(),
  finished_at timestamptz
);

create table import_problem (
  id bigint generated always as identity primary key,
  job_id uuid not null references import_job (id),
  kind text not null check (kind in ('error', 'warning')),
  row integer not null,
  field text not null,
  message text not null
);
create index import_problem_job on import_problem (job_id, kind, row);

-- Pictures named by import files, fetched afterwards; remembered so that a repeated import fetches none twice.
create table import_picture (
  product_id uuid not null references product (id),
  url text not null,
  job_id uuid not null references import_job (id),
  row integer not null,
  place integer not null,
  alt text not null,
  -- Stands in the product's gallery; else only beside `sku_ids`.
  gallery boolean not null,
  sku_ids uuid[] not null,
  state text not null check (state in ('WAITING', 'DONE', 'FAILED')),
  hash text references media (hash),
  primary key (product_id, url)
);
create index import_picture_waiting on import_picture (job_id) where state = 'WAITING';
