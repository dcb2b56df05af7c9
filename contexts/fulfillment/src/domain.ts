import type { ShipmentStatus } from '@souk/contract/fulfillment'
import { illegalMove } from './faults.ts'

/** One step of a parcel. Wave 1 lets staff take `label`, `pickUp` and `depart` together, as "ship". */
export type Step = 'label' | 'pickUp' | 'depart' | 'deliver' | 'refuse' | 'lose' | 'giveBack' | 'void'

type Table = { [From in ShipmentStatus]: { [S in Step]?: ShipmentStatus } }

/** The life of a parcel (RELIABILITY section 2). What is not in the table is refused. */
export const transitions: Table = {
  CREATED: { label: 'LABELLED', void: 'VOIDED' },
  LABELLED: { pickUp: 'PICKED_UP', void: 'VOIDED' },
  PICKED_UP: { depart: 'IN_TRANSIT' },
  IN_TRANSIT: { deliver: 'DELIVERED', refuse: 'REFUSED', lose: 'LOST', giveBack: 'RETURNED' },
  REFUSED: { giveBack: 'RETURNED', lose: 'LOST' },
  DELIVERED: {},
  LOST: {},
  RETURNED: {},
  VOIDED: {},
}

/** The state after a step; throws ILLEGAL_TRANSITION where the table has nothing. */
export const after = (from: ShipmentStatus, step: Step): ShipmentStatus => {
  const to = transitions[from][step]
  if (!to) throw illegalMove(from, step)
  return to
}

export type Parcel = { status: ShipmentStatus; carrier: string; trackingNumber: string }

/** One row of the parcel's path. */
export type Move = { from: ShipmentStatus; to: ShipmentStatus }

const path = (from: ShipmentStatus, steps: readonly Step[]): Move[] => {
  const moves: Move[] = []
  let at = from
  for (const step of steps) {
    const to = after(at, step)
    moves.push({ from: at, to })
    at = to
  }
  return moves
}

/**
 * The moves that put a parcel on its way. None when it already left with the same carrier and tracking number, so a
 * retried click gets the same answer; another carrier or number on a parcel that left is refused.
 */
export const decideShip = (parcel: Parcel, carrier: string, trackingNumber: string): Move[] => {
  const { status } = parcel
  if (status === 'CREATED') return path(status, ['label', 'pickUp', 'depart'])
  if (status === 'LABELLED') return path(status, ['pickUp', 'depart'])
  if (status !== 'VOIDED' && parcel.carrier === carrier && parcel.trackingNumber === trackingNumber) return []
  throw illegalMove(status, 'ship')
}

/** The moves of an arrival; none when it already arrived. */
export const decideDeliver = (parcel: Parcel): Move[] =>
  parcel.status === 'DELIVERED' ? [] : path(parcel.status, ['deliver'])

/** Whether a cancelled order takes this parcel with it: only while it is still in the house. */
export const mayVoid = (status: ShipmentStatus): boolean => transitions[status].void !== undefined
