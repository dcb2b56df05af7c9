import type { AttemptStatus, RefundStatus } from '@souk/contract/payment'
import type { ChargeStatus } from '@souk/contract/sandbox'
import type { Money } from '@souk/kernel'
import type { Parcel } from '../../contexts/fulfillment/src/domain.ts'
import type { Hold, Level, Sku, Move as StockMove } from '../../contexts/inventory/src/domain/books.ts'
import type { Draft, Entry, Order } from '../../contexts/order/src/domain/order.ts'
import type { Entry as LedgerEntry } from '../../contexts/payment/src/domain/ledger.ts'
import type { LineQuantity } from '../../contexts/payment/src/domain/refund-lines.ts'
import type { Outcome } from '../../contexts/sandbox/src/domain.ts'
import type { Db } from './db.ts'

/** A key on its way, or with the answer or the refusal it was given. Times are milliseconds. */
export type KeyRow = {
  resourceId: string
  state: 'running' | 'done' | 'refused'
  reply: unknown
  lockedUntil: number
}

export type PreparationRow = {
  id: string
  buyerId: string
  holdExpiresAt: number
  draft: Draft
  replacedBy: string | undefined
}

/** Preparations stand under their buyer: one each. */
export const orderTables = (db: Db) => ({
  db,
  keys: db.table<KeyRow>(),
  orders: db.table<Order>(),
  timeline: db.table<readonly Entry[]>(),
  preparations: db.table<PreparationRow>(),
})

export type LevelRow = Omit<Level, 'was'>
export type HoldRow = Omit<Hold, 'was'>

/** Levels of one SKU and holds of one order stand together, as they are opened together. */
export const inventoryTables = (db: Db) => ({
  db,
  keys: db.table<KeyRow>(),
  levels: db.table<readonly LevelRow[]>(),
  skus: db.table<Omit<Sku, 'was'>>(),
  holds: db.table<readonly HoldRow[]>(),
  movements: db.table<StockMove>(),
})

export type StandingRow = {
  orderId: string
  standing: 'OPEN' | 'CANCELLING' | 'CANCELLED'
  settled: boolean
  version: number
}

export type AttemptRow = {
  id: string
  orderId: string
  buyerId: string
  method: string
  status: AttemptStatus
  amount: Money
  captured: number
  refunded: number
  refundPending: number
  version: number
  createdAt: number
}

export type RefundRow = {
  id: string
  paymentId: string
  orderId: string
  purpose: 'refund' | 'suspense'
  money: Money
  status: RefundStatus
  automatic: boolean
  lines: LineQuantity[]
  createdAt: number
}

export type CallbackRow = {
  eventId: string
  paymentId: string
  type: string
  receivedAt: number
  outcome: string | undefined
}

export type CaseRow = { kind: string; subject: string; orderId: string; open: boolean }

/** `moves`: the path of each attempt and refund, as `from>to`. */
export const paymentTables = (db: Db) => ({
  db,
  keys: db.table<KeyRow>(),
  standings: db.table<StandingRow>(),
  attempts: db.table<AttemptRow>(),
  refunds: db.table<RefundRow>(),
  moves: db.table<readonly string[]>(),
  callbacks: db.table<CallbackRow>(),
  cases: db.table<CaseRow>(),
  ledger: db.table<LedgerEntry>(),
})

export type ShipmentRow = Parcel & {
  id: string
  orderId: string
  groupId: string
  warehouseId: string
  lines: LineQuantity[]
  version: number
}

export const fulfillmentTables = (db: Db) => ({
  db,
  closed: db.table<true>(),
  shipments: db.table<ShipmentRow>(),
})

export type ChargeRow = {
  paymentId: string
  amount: Money
  status: ChargeStatus
  outcome: Outcome | undefined
  seconds: number
  captured: Money | undefined
  refundOutcome: Outcome
}

export type ChannelRefundRow = { refundId: string; paymentId: string; amount: Money; status: ChargeStatus }

export type BookRow = { kind: 'charge' | 'refund'; paymentId: string; refundId: string; money: Money }

export type MessageRow = {
  id: string
  paymentId: string
  body: string
  attempts: number
  createdAt: number
  state: 'waiting' | 'delivered' | 'givenUp'
}

export const pspTables = (db: Db) => ({
  db,
  charges: db.table<ChargeRow>(),
  refunds: db.table<ChannelRefundRow>(),
  book: db.table<BookRow>(),
  messages: db.table<MessageRow>(),
})
