/** The legal moves of RELIABILITY section 2, said again on their own: what the contexts' tables are judged by. */

type Graph = Readonly<Record<string, readonly string[]>>

export const orderGraph: Graph = {
  AWAITING_PAYMENT: ['PAID', 'ALLOCATED', 'CANCELLING', 'CANCELLED'],
  PAID: ['ALLOCATED', 'CANCELLING'],
  ALLOCATED: ['SHIPPED', 'CANCELLING'],
  SHIPPED: ['DELIVERED'],
  DELIVERED: ['COMPLETED'],
  COMPLETED: [],
  CANCELLING: ['CANCELLED'],
  CANCELLED: [],
}

export const attemptGraph: Graph = {
  INITIATED: ['PROCESSING'],
  PROCESSING: ['UNKNOWN', 'AUTHORISED', 'CAPTURED', 'FAILED', 'VOIDED'],
  UNKNOWN: ['PROCESSING', 'AUTHORISED', 'CAPTURED', 'FAILED', 'VOIDED'],
  AUTHORISED: ['CAPTURED', 'VOIDED'],
  CAPTURED: [],
  FAILED: [],
  VOIDED: [],
}

export const refundGraph: Graph = {
  REQUESTED: ['APPROVED', 'REJECTED'],
  APPROVED: ['SENT'],
  SENT: ['UNKNOWN', 'SUCCEEDED', 'FAILED'],
  UNKNOWN: ['SENT', 'SUCCEEDED', 'FAILED'],
  FAILED: ['SENT'],
  SUCCEEDED: [],
  REJECTED: [],
}

export const holdGraph: Graph = {
  HELD: ['COMMITTED', 'RELEASED', 'EXPIRED'],
  COMMITTED: ['SHIPPED', 'RELEASED'],
  SHIPPED: [],
  RELEASED: [],
  EXPIRED: [],
}

export const isMove = (graph: Graph, from: string, to: string): boolean => graph[from]?.includes(to) ?? false

/** The first step of a path of `from>to` words that the graph does not have, or that does not begin where the last ended. */
export const brokenStep = (graph: Graph, path: readonly string[]): string | undefined => {
  let at: string | undefined
  for (const step of path) {
    const [from = '', to = ''] = step.split('>')
    if ((at !== undefined && from !== at) || !isMove(graph, from, to)) return step
    at = to
  }
  return undefined
}
