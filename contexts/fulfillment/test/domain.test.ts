import { deepEqual, equal, throws } from 'node:assert/strict'
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
/** The path as `FROM>TO`, empty for no move at all; or the code and what could not be done from where. */
const outcome = (work: () => { from: string; to: string }[]) => {
  try {
    return work()
      .map(({ from, to }) => `${from}>${to}`)
      .join(' ')
  } catch (error) {
    const { code, params } = faultOf(error)!
    return `${code} ${params.verb} from ${params.from}`
  }
}

for (const [says, given, carrier, number, expected] of [
  [
    'a new parcel goes all the way',
    parcel('CREATED'),
    '顺丰',
    'SF1',
    'CREATED>LABELLED LABELLED>PICKED_UP PICKED_UP>IN_TRANSIT',
  ],
  [
    'a labelled parcel goes on from there',
    parcel('LABELLED'),
    '顺丰',
    'SF1',
    'LABELLED>PICKED_UP PICKED_UP>IN_TRANSIT',
  ],
  ['a voided parcel stays', parcel('VOIDED'), '顺丰', 'SF1', 'ILLEGAL_TRANSITION ship from VOIDED'],
] as const)
  test(says, () =>
    equal(
      outcome(() => decideShip(given, carrier, number)),
      expected,
    ),
  )

for (const status of ['PICKED_UP', 'IN_TRANSIT', 'DELIVERED', 'REFUSED', 'LOST', 'RETURNED'] as const) {
  test(`the same click on a parcel that is ${status} changes nothing`, () =>
    deepEqual(decideShip(parcel(status), '顺丰', 'SF1'), []))
  for (const [says, carrier, number] of [
    ['another number', '顺丰', 'SF2'],
    ['another carrier', 'EMS', 'SF1'],
  ] as const)
    test(`${says} on a parcel that is ${status} is refused`, () =>
      equal(
        outcome(() => decideShip(parcel(status), carrier, number)),
        `ILLEGAL_TRANSITION ship from ${status}`,
      ))
}

const deliveries: Record<ShipmentStatus, string> = {
  CREATED: 'ILLEGAL_TRANSITION deliver from CREATED',
  LABELLED: 'ILLEGAL_TRANSITION deliver from LABELLED',
  PICKED_UP: 'ILLEGAL_TRANSITION deliver from PICKED_UP',
  IN_TRANSIT: 'IN_TRANSIT>DELIVERED',
  DELIVERED: '',
  REFUSED: 'ILLEGAL_TRANSITION deliver from REFUSED',
  LOST: 'ILLEGAL_TRANSITION deliver from LOST',
  RETURNED: 'ILLEGAL_TRANSITION deliver from RETURNED',
  VOIDED: 'ILLEGAL_TRANSITION deliver from VOIDED',
}
for (const from of states)
  test(`delivery of a ${from} parcel`, () =>
    equal(
      outcome(() => decideDeliver(parcel(from))),
      deliveries[from],
    ))

test('the same arrival again changes nothing', () => deepEqual(decideDeliver(parcel('DELIVERED')), []))

test('only what is still in the house is voided', () => {
  equal(states.filter(mayVoid).join(), 'CREATED,LABELLED')
})
