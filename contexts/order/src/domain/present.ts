import type {
  OrderAction,
  OrderGroup,
  OrderLine,
  Order as OrderMessage,
  OrderSummary,
  Preparation,
  TimelineEntry,
} from '@souk/contract/order'
import type { Draft, Entry, Group, GroupStatus, Line, Order, Totals } from './order.ts'
import { grossOf } from './pricing.ts'
import { cancellable, fulfillmentStatus, payable, paymentStatus } from './status.ts'

/** Who looks: what the answer offers to do depends on it. */
export type Viewer = 'buyer' | 'staff'

export const presentLine = (line: Line, currency: string): OrderLine => ({
  skuId: line.skuId,
  quantity: line.quantity,
  unitPrice: { currency, amount: line.unitPrice },
  discount: { currency, amount: line.discount },
  total: { currency, amount: grossOf(line) - line.discount },
  productId: line.productId,
  slug: line.slug,
  code: line.code,
  name: line.name,
  options: line.options,
  image: line.image,
  merchantId: line.merchantId,
  hue: line.hue,
})

const presentGroup = (group: Group, lines: readonly Line[], currency: string): OrderGroup => ({
  id: group.id,
  merchantId: group.merchantId,
  warehouseId: group.warehouseId,
  lines: group.portions.map(({ line, quantity, discount }) =>
    presentLine({ ...lines[line]!, quantity, discount }, currency),
  ),
  freight: { currency, amount: group.freight },
  discount: { currency, amount: group.portions.reduce((sum, { discount }) => sum + discount, 0) },
  status: group.status,
})

const presentTotals = ({ currency, subtotal, discount, freight, tax, total }: Totals) => ({
  subtotal: { currency, amount: subtotal },
  discount: { currency, amount: discount },
  freight: { currency, amount: freight },
  tax: { currency, amount: tax },
  total: { currency, amount: total },
})

const presentEntry = ({
  at,
  event,
  actor,
  detail,
}: Pick<Entry, 'at' | 'event' | 'actor' | 'detail'>): TimelineEntry => ({
  at: at.toISOString(),
  event,
  actor,
  detail,
})

type Actionable = Pick<Order, 'status' | 'onDelivery' | 'total' | 'payBefore'>

const actionsOf = (order: Actionable, groups: readonly GroupStatus[], viewer: Viewer, now: Date): OrderAction[] => [
  ...(viewer === 'buyer' && order.total > 0 && payable(order, now)
    ? [{ name: 'pay', until: order.payBefore.toISOString() }]
    : []),
  ...(cancellable(order.status, groups) ? [{ name: 'cancel', until: undefined }] : []),
]

const deadline = ({ status, onDelivery, payBefore }: Actionable): string | undefined =>
  status === 'AWAITING_PAYMENT' && !onDelivery ? payBefore.toISOString() : undefined

/** An order as its viewer sees it at `now`. */
export const presentOrder = (order: Order, entries: readonly Entry[], viewer: Viewer, now: Date): OrderMessage => {
  const groups = order.groups.map(({ status }) => status)
  return {
    id: order.id,
    number: order.number,
    status: order.status,
    paymentStatus: paymentStatus(order),
    fulfillmentStatus: fulfillmentStatus(groups),
    lines: order.lines.map((line) => presentLine(line, order.currency)),
    ...presentTotals(order),
    address: order.address,
    note: order.note,
    payBefore: deadline(order),
    groups: order.groups.map((group) => presentGroup(group, order.lines, order.currency)),
    timeline: entries.map(presentEntry),
    cancelReason: order.cancelReason ?? 'UNSPECIFIED',
    captured: { currency: order.currency, amount: order.captured },
    refunded: { currency: order.currency, amount: order.refunded },
    createdAt: order.createdAt.toISOString(),
    version: order.version,
    actions: actionsOf(order, groups, viewer, now),
    buyerId: order.buyerId,
  }
}

type Listed =
  | 'id'
  | 'number'
  | 'buyerId'
  | 'status'
  | 'currency'
  | 'total'
  | 'captured'
  | 'refunded'
  | 'paid'
  | 'onDelivery'
  | 'payBefore'
  | 'createdAt'
  | 'lines'

/** What a list needs of an order; `lines` are its first five at most, `quantity` counts all. */
export type Summary = Pick<Order, Listed> & { groupStatuses: GroupStatus[]; quantity: number }

export const presentSummary = (order: Summary, viewer: Viewer, now: Date): OrderSummary => ({
  id: order.id,
  number: order.number,
  status: order.status,
  paymentStatus: paymentStatus(order),
  fulfillmentStatus: fulfillmentStatus(order.groupStatuses),
  total: { currency: order.currency, amount: order.total },
  lines: order.lines.map((line) => presentLine(line, order.currency)),
  quantity: order.quantity,
  createdAt: order.createdAt.toISOString(),
  payBefore: deadline(order),
  actions: actionsOf(order, order.groupStatuses, viewer, now),
  buyerId: order.buyerId,
})

export const presentPreparation = (id: string, draft: Draft, holdExpiresAt: Date): Preparation => ({
  preparationId: id,
  holdExpiresAt: holdExpiresAt.toISOString(),
  lines: draft.lines.map((line) => presentLine(line, draft.currency)),
  ...presentTotals(draft),
})
