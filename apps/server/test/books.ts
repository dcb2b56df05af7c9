/** Ids of what stands in the sound books and of what violations add. */
export const order = '0190b0a0-0000-7000-8000-000000000001'
export const other = '0190b0a0-0000-7000-8000-000000000002'
export const payment = '0190b0a0-0000-7000-8000-00000000000a'
export const secondPayment = '0190b0a0-0000-7000-8000-00000000000b'
export const fact = '0190b0a0-0000-7000-8000-0000000000f1'
const warehouse = '0190b0a0-0000-7000-8000-0000000000e1'
export const sku = 'sku-1'

const buyer = '0190b0a0-0000-7000-8000-0000000000b1'

const path = {
  AWAITING_PAYMENT: ['AWAITING_PAYMENT'],
  PAID: ['AWAITING_PAYMENT', 'PAID'],
  ALLOCATED: ['AWAITING_PAYMENT', 'PAID', 'ALLOCATED'],
  CANCELLED: ['AWAITING_PAYMENT', 'CANCELLED'],
} as const

type OrderOptions = { status: keyof typeof path; paid?: boolean; payBefore?: string }

/** An order of two things of 5.00 with 1.00 off and 0.50 freight, and its whole history. */
export const orderSql = (
  id: string,
  { status, paid = false, payBefore = "now() + interval '1 hour'" }: OrderOptions,
) => `
  insert into souk_order.orders (id, number, buyer_id, status, version, currency, subtotal, discount, freight, tax, total,
    quantity, lines, groups, address, note, pay_before, created_at, paid, captured, cancel_reason)
  values ('${id}', 'S-${id}', '${buyer}', '${status}', ${path[status].length}, 'CNY', 1000, 100, 50, 0, 950, 2,
    '[{"unitPrice": 500, "quantity": 2, "discount": 100}]',
    '[]', '{}', '', ${payBefore}, now(), ${paid}, ${paid ? 950 : 0}, ${status === 'CANCELLED' ? "'BUYER'" : 'null'});
  ${path[status]
    .map(
      (word, at) => `
  insert into souk_order.timeline (order_id, version, at, event, was, status, actor, detail)
  values ('${id}', ${at + 1}, now(), 'MOVED', ${at ? `'${path[status][at - 1]}'` : 'null'}, '${word}', 'system', '');`,
    )
    .join('')}`

/** 9.50 that the order's payment received: our attempt, our ledger, the channel's charge and book. */
export const captureSql = (id: string, orderId: string) => `
  insert into souk_payment.order_standing (order_id) values ('${orderId}') on conflict do nothing;
  insert into souk_payment.payment (id, order_id, order_number, buyer_id, method, status, currency, amount, captured)
  values ('${id}', '${orderId}', 'S-1', '${buyer}', 'sandbox', 'CAPTURED', 'CNY', 950, 950);
  insert into souk_payment.journal_entry (id, kind, source_type, source_id) values ('${id}', 'capture', 'payment', '${id}');
  insert into souk_payment.posting (entry_id, place, account, currency, amount)
  values ('${id}', 1, 'psp_clearing', 'CNY', 950), ('${id}', 2, 'customer', 'CNY', -950);
  insert into souk_sandbox.charge (payment_id, channel_reference, token, currency, amount, description, callback_url,
    return_url, status, captured_currency, captured_amount)
  values ('${id}', 'ref-${id}', 'token-${id}', 'CNY', 950, '', '', '', 'SUCCEEDED', 'CNY', 950);
  insert into souk_sandbox.book (id, kind, payment_id, currency, amount) values ('${id}', 'charge', '${id}', 'CNY', 950);`

export const holdSql = (orderId: string, state: string, { expires = '1 hour', attached = false } = {}) => `
  insert into souk_inventory.hold (order_id, attempt, external, state, attached, expires_at, check_at, version)
  values ('${orderId}', 1, false, '${state}', ${attached}, now() + interval '${expires}', now(), 1);`

/** A small world in which everything agrees: ten things, two of them allocated to one paid order. */
export const soundBooks = `
  insert into souk_inventory.warehouse (id, code, name, is_default) values ('${warehouse}', 'main', 'Main', true);
  insert into souk_inventory.sku (sku_id, band, version) values ('${sku}', 'IN_STOCK', 1);
  insert into souk_inventory.stock (sku_id, warehouse_id, on_hand, allocated) values ('${sku}', '${warehouse}', 10, 2);
  insert into souk_inventory.movement (id, sku_id, warehouse_id, kind, quantity, reason, actor, reference)
  values ('${warehouse}', '${sku}', '${warehouse}', 'RECEIPT', 10, 'first', 'system', 'r1');
  ${holdSql(order, 'COMMITTED')}
  insert into souk_inventory.hold_line (order_id, attempt, sku_id, warehouse_id, quantity)
  values ('${order}', 1, '${sku}', '${warehouse}', 2);
  ${orderSql(order, { status: 'ALLOCATED', paid: true })}
  ${captureSql(payment, order)}
  insert into souk_order.outbox (event_id, type, aggregate_id, aggregate_version, payload, traceparent, broadcast)
  values ('${fact}', 'order.OrderPaid', '${order}', 2, '{}', '', false);
  insert into souk_inventory.inbox (aggregate_id, source, aggregate_version, event_id, type)
  values ('${order}', 'order', 2, '${fact}', 'order.OrderPaid');
  insert into souk_order.idempotency_key (principal, route, key, request_hash, resource_id, state, reply)
  values ('user:1', 'order.OrderService/PlaceOrder', 'k1', '', '${order}', 'done', '{}');`
