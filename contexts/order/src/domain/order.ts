import type { Address } from '@souk/contract/identity'
import type { HoldLine } from '@souk/contract/inventory'
import type { CancelReason, OrderStatus } from '@souk/contract/order'

/** Integer minor units of the order's currency. */
type Amount = number

/** One SKU of an order with the snapshot of what was bought; its total is `unitPrice × quantity − discount`. */
export type Line = {
  skuId: string
  quantity: number
  unitPrice: Amount
  discount: Amount
  productId: string
  slug: string
  code: string
  name: string
  options: Record<string, string>
  image: string
  merchantId: string
  /** Of the stage it is shown on, degrees. */
  hue: number
}

/** What of one line goes into a group; `line` is its place in the order's lines. */
export type Portion = { line: number; quantity: number; discount: Amount }

/** CREATED → PICKED_UP (begun: no cancel any more) → IN_TRANSIT → DELIVERED, or VOIDED with the order. */
export type GroupStatus = 'CREATED' | 'PICKED_UP' | 'IN_TRANSIT' | 'DELIVERED' | 'VOIDED'

/** What leaves together: one per merchant and warehouse. */
export type Group = {
  id: string
  merchantId: string
  warehouseId: string
  status: GroupStatus
  freight: Amount
  portions: Portion[]
}

export type Totals = {
  currency: string
  subtotal: Amount
  discount: Amount
  freight: Amount
  tax: Amount
  /** Always `subtotal − discount + freight + tax`, never negative. */
  total: Amount
}

/** Everything about an order that never changes once it is placed, except the groups' status. */
export type Draft = Totals & { lines: Line[]; groups: Group[]; address: Address; note: string }

export type Order = Draft & {
  id: string
  number: string
  buyerId: string
  status: OrderStatus
  /** Equals the number of timeline entries; each fact of the order has one of its own. */
  version: number
  payBefore: Date
  /** The attempt that payment has open, as far as it told us. */
  openPaymentId: string | null
  openMethod: string | null
  /** Pay on delivery was chosen: nothing waits for money any more. */
  onDelivery: boolean
  /** A capture was confirmed, even one of zero. */
  paid: boolean
  captured: Amount
  refunded: Amount
  cancelReason: CancelReason | null
  createdAt: Date
}

/** Who made a move, as the timeline shows it. */
export type Mover = 'buyer' | 'staff' | 'system' | 'payment' | 'inventory' | 'fulfillment'

/** One row of an order's history; `was` is the status before it, null for the first. */
export type Entry = {
  orderId: string
  version: number
  at: Date
  event: string
  was: OrderStatus | null
  status: OrderStatus
  actor: Mover
  detail: string
}

/** Where the stock of a line is held. */
export type HeldLine = HoldLine
