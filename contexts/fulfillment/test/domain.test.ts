import { equal, throws } from 'node:assert/strict'
import { test } from 'node:test'
import type { ShipmentStatus } from '@souk/contract/fulfillment'
import { faultOf } from '@souk/kernel'
import { after, decideDeliver, decideShip, mayVoid, type Step, transitions } from '../src/domain.ts'

const states = Object.keys(transitions) as ShipmentStatus[]
const steps: Step[] = ['label', 'pickUp', 'depart', 'deliver', 'refuse', 'lose', 'giveBack', 'void']
const legal = new Map<string, ShipmentStatus>([
  ['CREATED label', 'LABELLED'],
  ['CREATED void', 'VOIDED'],
  ['LABELLED pickUp', 'PICKED_UP'],
  ['LABELLED void', 'VOIDED'],
  ['PICKED_UP depart', 'IN_TRANSIT'],
  ['IN_TRANSIT deliver', 'DELIVERED'],
  ['IN_TRANSIT refuse', 'REFUSED'],
  ['IN_TRANSIT lose', 'LOST'],
  ['IN_TRANSIT giveBack', 'RETURNED'],
  ['REFUSED giveBack', 'RETURNED'],
  ['REFUSED lose', 'LOST'],
])

const illegal = (work: () => unknown) => throws(work, (error) => faultOf(error)?.code === 'ILLEGAL_TRANSITION')

for (const from of states)
  for (const step of steps)
    test(`${from} ${step} is ${legal.get(`${from} ${step}`) ?? 'refused'}`, () => {
      const to = legal.get(`${from} ${step}`)
      if (to) equal(after(from, step), to)
      else illegal(() => after(from, step))
    })

const parcel = (status: ShipmentStatus, carrier = '顺丰', trackingNumber = 'SF1') => ({
  status,
  carrier,
  trackingNumber,
})
const outcome = (work: () => { from: string; to: string }[]) => {
  try {
    return work()
      .map(({ to }) => to)
      .join(' ')
  } catch (error) {
    return faultOf(error)?.code
  }
}

for (const [says, given, carrier, number, expected] of [
  ['a new parcel goes all the way', parcel('CREATED'), '顺丰', 'SF1', 'LABELLED PICKED_UP IN_TRANSIT'],
  ['a labelled parcel goes on from there', parcel('LABELLED'), '顺丰', 'SF1', 'PICKED_UP IN_TRANSIT'],
  ['the same click again changes nothing', parcel('IN_TRANSIT'), '顺丰', 'SF1', ''],
  ['the same click after delivery changes nothing', parcel('DELIVERED'), '顺丰', 'SF1', ''],
  ['another number on a parcel that left', parcel('IN_TRANSIT'), '顺丰', 'SF2', 'ILLEGAL_TRANSITION'],
  ['another carrier on a parcel that left', parcel('DELIVERED'), 'EMS', 'SF1', 'ILLEGAL_TRANSITION'],
  ['a voided parcel stays', parcel('VOIDED'), '顺丰', 'SF1', 'ILLEGAL_TRANSITION'],
] as const)
  test(says, () =>
    equal(
      outcome(() => decideShip(given, carrier, number)),
      expected,
    ),
  )

const deliveries: Record<ShipmentStatus, string> = {
  CREATED: 'ILLEGAL_TRANSITION',
  LABELLED: 'ILLEGAL_TRANSITION',
  PICKED_UP: 'ILLEGAL_TRANSITION',
  IN_TRANSIT: 'DELIVERED',
  DELIVERED: '',
  REFUSED: 'ILLEGAL_TRANSITION',
  LOST: 'ILLEGAL_TRANSITION',
  RETURNED: 'ILLEGAL_TRANSITION',
  VOIDED: 'ILLEGAL_TRANSITION',
}
for (const from of states)
  test(`delivery of a ${from} parcel`, () =>
    equal(
      outcome(() => decideDeliver(parcel(from))),
      deliveries[from],
    ))

test('only what is still in the house is voided', () => {
  equal(states.filter(mayVoid).join(), 'CREATED,LABELLED')
})
