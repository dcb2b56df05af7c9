export { type AuditRow, audited } from './audit/audit.ts'
export { createServiceTokens, type ServiceTokens } from './auth/service-token.ts'
export { type Batcher, type BatchOptions, createBatcher } from './batch/batch.ts'
export { createSubscriptions } from './bus/route.ts'
export {
  type Actor,
  actorName,
  type Call,
  childTraceparent,
  type Locale,
  newTraceparent,
  systemCall,
  traceId,
  userId,
} from './call.ts'
export { ConfigError, readConfig, readSpec } from './config/read.ts'
export {
  type ConfigOf,
  type ConfigSpec,
  duration,
  flag,
  integer,
  list,
  networks,
  optionalText,
  parseDuration,
  pattern,
  type Setting,
  text,
} from './config/spec.ts'
export {
  type Built,
  type Context,
  defineContext,
  type Fact,
  type FactHandler,
  type FactType,
  type Job,
  type Kit,
  type ServiceName,
  type Timer,
  type TimerHandler,
} from './context.ts'
export { createDb, type Db, inTransaction, type Query, schemaName, type Tx } from './db/db.ts'
export { CommitUnknown, isPassing, violated } from './db/errors.ts'
export { migrate } from './db/migrate.ts'
export { createPool } from './db/pool.ts'
export { empty, join, raw, type Sql, sql } from './db/sql.ts'
export { createKeys, type Keys } from './idempotency/keys.ts'
export type { Envelope } from './inbox/inbox.ts'
export { createHost, type Host } from './lifecycle/host.ts'
export { type OpsServer, startOpsServer } from './lifecycle/ops-server.ts'
export { patiently } from './lifecycle/patiently.ts'
export {
  createOutbox,
  type Outbox,
  type OutboxFact,
  type Publish,
  publishCtes,
  publishStatement,
} from './outbox/outbox.ts'
export { type Handler, holds } from './rpc/dispatch.ts'
export { createLog, errorText, type Log, type LogFields, silentLog } from './telemetry/log.ts'
export { createMetrics, type Metrics } from './telemetry/metrics.ts'
export { currentTraceparent, withTrace } from './telemetry/trace.ts'
export { scheduleStatement, type TimerRequest, unscheduleStatement } from './timers/schedule.ts'
