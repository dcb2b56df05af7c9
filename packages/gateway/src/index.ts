export { createGateway } from './gateway.ts'
export type { Auth, Claims, Gateway, GatewayOptions, HeardFact, Patience } from './options.ts'
