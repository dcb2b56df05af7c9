/** A place in the house: what a file belongs to, decided by its path alone. */
export type Zone =
  | 'kernel'
  | 'contract'
  | 'platform'
  | 'gateway'
  | 'client'
  | 'ui'
  | 'domain'
  | 'faults'
  | 'store'
  | 'service'
  | 'events'
  | 'room'
  | 'front door'
  | 'server'
  | 'web'
  | 'tools'
  | 'tests'
  | 'model'

type Target = Zone | 'node' | 'npm'

/**
 * Who may import whom (DESIGN section 2); type imports count. Within a context the zones are its own: another
 * context's files are never allowed, whatever the row says. `room` is a context's file outside the named rooms.
 */
export const allowed: Record<Zone, readonly Target[]> = {
  kernel: ['kernel', 'node'],
  contract: ['contract', 'npm'],
  platform: ['platform', 'kernel', 'contract', 'node', 'npm'],
  gateway: ['gateway', 'kernel', 'contract', 'platform', 'node', 'npm'],
  client: ['client', 'contract'],
  ui: ['ui', 'client', 'contract', 'npm'],
  domain: ['domain', 'faults', 'kernel', 'contract'],
  faults: ['kernel', 'contract'],
  store: ['store', 'domain', 'kernel', 'contract', 'platform'],
  service: ['service', 'room', 'store', 'domain', 'faults', 'kernel', 'contract', 'platform', 'node', 'npm'],
  events: ['events', 'service', 'room', 'store', 'domain', 'faults', 'kernel', 'contract', 'platform'],
  room: ['room', 'store', 'domain', 'faults', 'kernel', 'contract', 'platform', 'node', 'npm'],
  'front door': [
    'events',
    'service',
    'room',
    'store',
    'domain',
    'faults',
    'kernel',
    'contract',
    'platform',
    'node',
    'npm',
  ],
  server: ['server', 'front door', 'gateway', 'client', 'platform', 'kernel', 'contract', 'node', 'npm'],
  web: ['web', 'ui', 'client', 'contract', 'npm'],
  tools: ['tools', 'server', 'contract', 'kernel', 'platform', 'node', 'npm'],
  // The simulation runs the contexts' pure decisions on a store and a bus of its own, so it knows nothing else of them.
  model: ['model', 'domain', 'faults', 'kernel', 'contract', 'node', 'npm'],
  tests: ['tests', 'server', 'front door', 'client', 'ui', 'contract', 'kernel', 'platform', 'node', 'npm'],
}

/** Contract modules that a browser must not load. */
export const serverSide = ['services', 'grpc', 'schemas', 'facts']

/** Contract modules that name no context: all that the gateway may know. */
export const contextFree = [
  'methods',
  'services',
  'schemas',
  'errors',
  'facts',
  'permissions',
  'rates',
  'masks',
  'common',
]

/** What a domain may not touch: time, chance and the outside are arguments. */
export const impure = [
  /\bDate\.now\b/,
  /\bnew Date\(\)/,
  /\bMath\.random\b/,
  /\bcrypto\b/,
  /\bprocess\./,
  /\bsetTimeout\b/,
  /\bfetch\(/,
]
