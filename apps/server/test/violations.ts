import { captureSql, fact, holdSql, order, orderSql, other, payment, secondPayment, sku } from './books.ts'

/** What breaks a rule: the rule by its `about`, what is done to the sound books, what must be found. */
export type Violation = { rule: string; says: string; sql: string; subject: string; detail: RegExp }

export const violations: readonly Violation[] = [
  {
    rule: 'reserved and allocated are never negative and never exceed on hand',
    says: 'more is allocated than is there',
    sql: `alter table souk_inventory.stock drop constraint stock_sound;
      update souk_inventory.stock set on_hand = 1; update souk_inventory.movement set quantity = 1`,
    subject: sku,
    detail: /^on hand 1, reserved 0, allocated 2$/,
  },
  {
    rule: 'on hand is the sum of its movements',
    says: 'a thing without a receipt',
    sql: 'update souk_inventory.stock set on_hand = 11',
    subject: sku,
    detail: /^on hand 11, movements 10$/,
  },
  {
    rule: 'on hand is the sum of its movements',
    says: 'no movement at all',
    sql: 'delete from souk_inventory.movement',
    subject: sku,
    detail: /^on hand 10, movements 0$/,
  },
  {
    rule: 'on hand is the sum of its movements',
    says: 'movements of what has no stock row',
    sql: `insert into souk_inventory.movement (id, sku_id, warehouse_id, kind, quantity, reason, actor, reference)
      values ('${other}', 'sku-2', '${other}', 'RECEIPT', 3, '', 'system', 'r2')`,
    subject: 'sku-2',
    detail: /^on hand 0, movements 3$/,
  },
  {
    rule: 'reserved and allocated are the sums of held and committed lines',
    says: 'promised of what has no stock row',
    sql: `insert into souk_inventory.hold_line (order_id, attempt, sku_id, warehouse_id, quantity)
      values ('${order}', 1, 'sku-2', '${other}', 4)`,
    subject: 'sku-2',
    detail: /^reserved 0, held 0, allocated 0, committed 4$/,
  },
  {
    rule: 'reserved and allocated are the sums of held and committed lines',
    says: 'allocated for nobody',
    sql: 'update souk_inventory.stock set allocated = 3',
    subject: sku,
    detail: /allocated 3, committed 2$/,
  },
  {
    rule: 'reserved and allocated are the sums of held and committed lines',
    says: 'reserved for nobody',
    sql: 'update souk_inventory.stock set reserved = 1',
    subject: sku,
    detail: /^reserved 1, held 0/,
  },
  {
    rule: 'no unattached hold outlives its expiry by more than a minute',
    says: 'a preparation of two minutes ago',
    sql: holdSql(other, 'HELD', { expires: '-2 minutes' }),
    subject: other,
    detail: /^expired at /,
  },
  {
    rule: 'no stock is held for an order that is over or does not exist',
    says: 'attached to no order',
    sql: holdSql(other, 'HELD', { expires: '-2 minutes', attached: true }),
    subject: other,
    detail: /^HELD, but there is no such order$/,
  },
  {
    rule: 'no stock is held for an order that is over or does not exist',
    says: 'held for a cancelled order',
    sql: orderSql(other, { status: 'CANCELLED' }) + holdSql(other, 'HELD'),
    subject: other,
    detail: /^HELD for an order that is CANCELLED$/,
  },
  {
    rule: 'the total is the sum of its parts, and the discount that of its lines',
    says: 'a line of another price',
    sql: `update souk_order.orders set lines = jsonb_set(lines, '{0,unitPrice}', '501')`,
    subject: order,
    detail: /^lines 1002, discounts 100, total 950$/,
  },
  {
    rule: 'the total is the sum of its parts, and the discount that of its lines',
    says: 'a discount that no line has',
    sql: `update souk_order.orders set lines = jsonb_set(lines, '{0,discount}', '99')`,
    subject: order,
    detail: /^lines 1000, discounts 99, total 950$/,
  },
  {
    rule: "an order's versions are 1..n, each starts where the last ended, and the last is its status",
    says: 'a version is missing',
    sql: 'delete from souk_order.timeline where version = 2',
    subject: order,
    detail: /^version 3, 2 entries/,
  },
  {
    rule: "an order's versions are 1..n, each starts where the last ended, and the last is its status",
    says: 'a step from elsewhere',
    sql: `update souk_order.timeline set was = 'PAID' where version = 2`,
    subject: order,
    detail: /^version 3, 3 entries/,
  },
  {
    rule: "an order's versions are 1..n, each starts where the last ended, and the last is its status",
    says: 'a status without a step',
    sql: `update souk_order.orders set status = 'SHIPPED'`,
    subject: order,
    detail: /status SHIPPED, last entry ALLOCATED$/,
  },
  {
    rule: 'no unpaid order outlives its deadline without a timer',
    says: 'the timer is gone',
    sql: orderSql(other, { status: 'AWAITING_PAYMENT', payBefore: "now() - interval '1 hour'" }),
    subject: other,
    detail: /^to be paid before /,
  },
  {
    rule: 'no order waits in PAID or CANCELLING for ever',
    says: 'paid, and then nothing',
    sql: orderSql(other, { status: 'PAID' }),
    subject: other,
    detail: /^PAID since /,
  },
  {
    rule: 'stock is committed only for orders that are paid or accepted',
    says: 'committed before the money came',
    sql: `${orderSql(other, { status: 'AWAITING_PAYMENT' }) + holdSql(other, 'COMMITTED') + captureSql(secondPayment, other)}
      update souk_order.orders set captured = 950 where id = '${other}'`,
    subject: other,
    detail: /^committed, but neither paid nor accepted$/,
  },
  {
    rule: 'stock is committed only after money was captured, or against payment on delivery',
    says: 'the order says paid, and nobody paid',
    sql: `${orderSql(other, { status: 'ALLOCATED', paid: true }) + holdSql(other, 'COMMITTED')}
      update souk_order.orders set captured = 0 where id = '${other}'`,
    subject: other,
    detail: /^committed, but no payment stands behind it$/,
  },
  {
    rule: 'a paid order shows the money of its payments',
    says: 'the order shows another amount',
    sql: 'update souk_order.orders set captured = 949',
    subject: order,
    detail: /^the order shows 949, its payments keep 950$/,
  },
  {
    rule: 'a paid order shows the money of its payments',
    says: 'the order says paid, and there is no payment',
    sql: orderSql(other, { status: 'ALLOCATED', paid: true }),
    subject: other,
    detail: /^the order shows 950, its payments keep 0$/,
  },
  {
    rule: 'every journal entry balances per currency',
    says: 'one minor unit from nowhere',
    sql: `insert into souk_payment.journal_entry (id, kind, source_type, source_id) values ('${other}', 'fee', 'test', '${other}');
      insert into souk_payment.posting (entry_id, place, account, currency, amount)
      values ('${other}', 1, 'fees', 'CNY', 5), ('${other}', 2, 'revenue', 'CNY', -4)`,
    subject: other,
    detail: /^1 CNY$/,
  },
  {
    rule: 'every journal entry moves something from one account to another',
    says: 'an entry that says nothing',
    sql: `insert into souk_payment.journal_entry (id, kind, source_type, source_id) values ('${other}', 'fee', 'test', '${other}')`,
    subject: other,
    detail: /^fee of test .* has 0 postings$/,
  },
  {
    rule: "our ledger's clearing account equals the channel's book line by line",
    says: 'the channel took money that we do not know',
    sql: 'delete from souk_payment.posting; delete from souk_payment.journal_entry',
    subject: `charge ${payment} CNY`,
    detail: /^ledger 0, channel 950$/,
  },
  {
    rule: "our ledger's clearing account equals the channel's book line by line",
    says: 'we know money that the channel does not',
    sql: 'delete from souk_sandbox.book',
    subject: `charge ${payment} CNY`,
    detail: /^ledger 950, channel 0$/,
  },
  {
    rule: "our ledger's clearing account equals the channel's book line by line",
    says: 'another amount',
    sql: 'update souk_sandbox.book set amount = 949',
    subject: `charge ${payment} CNY`,
    detail: /^ledger 950, channel 949$/,
  },
  {
    rule: 'refunded and pending refunds never exceed what was captured, and are the sums of their rows',
    says: 'refunded without a refund',
    sql: 'update souk_payment.payment set refunded = 100; update souk_order.orders set refunded = 100',
    subject: payment,
    detail: /refunded 100, pending 0, rows 0 and 0$/,
  },
  {
    rule: 'refunded and pending refunds never exceed what was captured, and are the sums of their rows',
    says: 'more is about to go back than came',
    sql: `alter table souk_payment.payment drop constraint payment_refund_bound;
      update souk_payment.payment set refund_pending = 951`,
    subject: payment,
    detail: /^captured 950, refunded 0, pending 951/,
  },
  {
    rule: 'refunded and pending refunds never exceed what was captured, and are the sums of their rows',
    says: 'a refund on its way that was not set aside',
    sql: `insert into souk_payment.refund (id, payment_id, order_id, purpose, currency, amount, status, reason, automatic)
      values ('${other}', '${payment}', '${order}', 'refund', 'CNY', 10, 'SENT', '', false)`,
    subject: payment,
    detail: /pending 0, rows 0 and 10$/,
  },
  {
    rule: 'an order keeps the money of at most one attempt',
    says: 'paid twice',
    sql: `${captureSql(secondPayment, order)} update souk_order.orders set captured = 1900`,
    subject: order,
    detail: /^2 attempts keep money$/,
  },
  {
    rule: 'a cancelled order keeps no money',
    says: 'cancelled, shipped all the same, never refunded',
    sql:
      orderSql(other, { status: 'CANCELLED', paid: true }) +
      holdSql(other, 'SHIPPED') +
      captureSql(secondPayment, other),
    subject: other,
    detail: /^950 kept for a cancelled order$/,
  },
  {
    rule: 'money that is kept has its stock committed or shipped',
    says: 'money for nothing',
    sql: orderSql(other, { status: 'ALLOCATED', paid: true }) + captureSql(secondPayment, other),
    subject: other,
    detail: /^money is kept, but no stock is committed$/,
  },
  {
    rule: 'every fact is taken by everybody who hears it',
    says: 'a fact that still waits',
    sql: `insert into souk_order.outbox_todo (consumer, id) select 'inventory', id from souk_order.outbox`,
    subject: fact,
    detail: /^order\.OrderPaid waits for inventory$/,
  },
  {
    rule: 'no fact is parked',
    says: 'a fact that could not be applied',
    sql: `insert into souk_fulfillment.parked (event_id, source, aggregate_id, aggregate_version, type, payload, traceparent, published_at, error)
      values ('${other}', 'order', '${order}', 3, 'order.OrderAllocated', '{}', '', now(), 'boom')`,
    subject: other,
    detail: /^order\.OrderAllocated parked by fulfillment: boom$/,
  },
  {
    rule: 'what was said and what was taken are the same set',
    says: 'a fact that was lost',
    sql: 'delete from souk_inventory.inbox',
    subject: fact,
    detail: /^order\.OrderPaid was never taken by inventory$/,
  },
  {
    rule: 'nobody passed over a fact of an aggregate',
    says: 'the second fact was applied, the first never',
    sql: `insert into souk_order.outbox (event_id, type, aggregate_id, aggregate_version, payload, traceparent, broadcast, created_at)
      values ('${other}', 'order.OrderPaid', '${order}', 1, '{}', '', false, now() - interval '2 days')`,
    subject: order,
    detail: /^inventory passed over order\.OrderPaid, version 1$/,
  },
  {
    rule: 'a key that is done has its answer',
    says: 'done, but nobody knows what was answered',
    sql: 'update souk_order.idempotency_key set reply = null',
    subject: 'k1',
    detail: /^done of order without a reply$/,
  },
]
