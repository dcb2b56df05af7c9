import { deepEqual, throws } from 'node:assert/strict'
import { test } from 'node:test'
import { parseReplicas } from '../src/cli/services.ts'

for (const [text, counts] of [
  ['', []],
  [' , ', []],
  ['order=2', [['order', 2]]],
  [
    'order=2,gateway=3',
    [
      ['order', 2],
      ['gateway', 3],
    ],
  ],
  [
    ' order=2 , inventory=99 ,',
    [
      ['order', 2],
      ['inventory', 99],
    ],
  ],
  ['order=2,order=4', [['order', 4]]],
] as const)
  test(`${JSON.stringify(text)} is ${JSON.stringify(counts)}`, () => deepEqual([...parseReplicas(text)], counts))

for (const text of [
  'nobody=2',
  'order',
  'order=',
  'order=0',
  'order=-1',
  'order=1.5',
  'order=02',
  'order=100',
  'order=two',
  'order = 2',
  '=2',
  'Order=2',
  'order:2',
  'order=2=3',
  'order=2=',
  '__proto__=2',
])
  test(`"${text}" is refused with its own words`, () =>
    throws(() => parseReplicas(`inventory=2,${text}`), { message: `--replicas: "${text}" is not <name>=<1–99>` }))
