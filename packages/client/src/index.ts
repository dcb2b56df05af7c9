export { createClient } from './client.ts'
export { Problem, type Violation } from './problem.ts'
export type { CallOptions, Client, ClientOptions, RequestOf, ResponseOf, RouteName, Sent } from './types.ts'
