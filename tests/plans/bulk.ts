import { withDatabase } from '../database.ts'
import type { System } from '../system.ts'

/** Rows that years of trade leave behind and that would be slow to make over the public interface. */
const statements = [
  `insert into souk_identity.account (id, email, password_hash, nickname, roles, status, locale)
   select gen_random_uuid(), 'bulk' || n || '@example.com', 'x', 'bulk' || n, '{}', 'ACTIVE', 'en' from generate_series(1, $1) n`,
  `insert into souk_identity.session (id, user_id, device, address, rotation_key, expires_at)
   select uuidv7(), id, 'a browser', '127.0.0.1', '\\x00', now() + interval '20 days' from souk_identity.account limit $1`,
  `insert into souk_identity.refresh_token (hash, session_id)
   select sha256(id::text::bytea), id from souk_identity.session limit $1`,
  `insert into souk_identity.address (id, user_id, recipient, phone, country, province, city, district, line1, line2, postal_code, is_default)
   select uuidv7(), id, 'x', 'x', 'CN', 'x', 'x', 'x', 'x', '', '', true from souk_identity.account limit $1`,
  `insert into souk_identity.login_failure (subject, failures, last_failed_at)
   select 'subject ' || n, 1, now() from generate_series(1, $1) n`,
  `insert into souk_cart.cart (owner) select 'guest:' || n from generate_series(1, $1) n`,
  `insert into souk_cart.cart_line (owner, sku_id, quantity, currency, price, product)
   select owner, 'x', 1, 'CNY', 1, '{}' from souk_cart.cart where owner like 'guest:%' limit $1`,
  `insert into souk_payment.refund (id, payment_id, order_id, purpose, currency, amount, status, reason, automatic)
   select uuidv7(), id, order_id, 'refund', currency, 1, 'SUCCEEDED', 'past', false from souk_payment.payment limit $1`,
  `insert into souk_payment.payment_case (id, kind, subject, order_id, closed_at, resolution)
   select uuidv7(), 'STRAY_MONEY', id::text, order_id, now(), 'settled' from souk_payment.payment limit $1`,
  `insert into souk_payment.callback_event (channel, event_id, payment_id, type, raw, processed_at)
   select 'sandbox', id::text, id, 'past', '\\x00', now() from souk_payment.payment limit $1`,
  `with entry as (
     insert into souk_payment.journal_entry (id, kind, source_type, source_id, at)
     select uuidv7(), 'past', 'payment', id, now() - interval '1 year' from souk_payment.payment limit $1 returning id)
   insert into souk_payment.posting (entry_id, place, account, currency, amount)
   select id, place, (array['customer', 'revenue'])[place], 'CNY', 3 - 2 * place from entry, generate_series(1, 2) place`,
  `insert into souk_fulfillment.shipment (id, order_id, order_number, buyer_id, group_id, merchant_id, warehouse_id, status, lines, address, carrier)
   select uuidv7(), gen_random_uuid(), 'x', 'x', 'x', 'x', 'x', 'DELIVERED', '[]', '{}', 'SF' from generate_series(1, $1) n`,
  `with job as (
     insert into souk_catalog.import_job (id, state, file, columns, byte_offset, next_row)
     values (uuidv7(), 'DONE', 'past', '[]', 0, 1) returning id)
   insert into souk_catalog.import_picture (product_id, url, job_id, row, place, alt, gallery, sku_ids, state)
   select product.id, 'past', job.id, 1, 1, '', true, '{}', 'FAILED' from souk_catalog.product, job limit $1`,
  // Hundreds of shelves: with one, the planner may rightly look at each of them in turn.
  `insert into souk_catalog.listing (shelf, product_id, newest, price, sort_name)
   select 'b:past' || (row_number() over () % 300), product_id, newest, price, sort_name
   from souk_catalog.listing where shelf = 'all' limit $1`,
]

export const fillUp = (system: System, rows: number): Promise<void> =>
  withDatabase(system, async (client) => {
    for (const statement of statements) await client.query(statement, [rows])
  })
