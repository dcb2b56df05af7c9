import { type ConfigOf, duration, flag, integer, list, networks, optionalText, pattern, text } from '@souk/platform'

/** Settings of the process itself; each context declares its own in its front door. */
export const serverSettings = {
  port: integer('SOUK_PORT', { about: 'public port', fallback: '8889', max: 65535 }),
  sharedPort: flag('SOUK_SHARED_PORT', {
    about: 'several gateways of one machine listen on the public port (Linux)',
    fallback: 'false',
  }),
  opsPort: integer('SOUK_OPS_PORT', { about: 'port of health and metrics', fallback: '9464', max: 65535 }),
  bind: text('SOUK_BIND', { about: 'address of the public port', fallback: '0.0.0.0' }),
  opsBind: text('SOUK_OPS_BIND', { about: 'address of the operations port', fallback: '127.0.0.1' }),
  dataDir: text('SOUK_DATA_DIR', {
    about: 'folder of the embedded database, media, import files and uploads',
    fallback: '.souk',
  }),
  currency: pattern('SOUK_CURRENCY', {
    about: 'currency of all prices, ISO 4217',
    fallback: 'CNY',
    matches: /^[A-Z]{3}$/,
  }),
  demo: flag('SOUK_DEMO', { about: 'fill an empty database with the demo catalog', fallback: 'true' }),
  databaseUrl: optionalText('DATABASE_URL', { about: 'PostgreSQL to use instead of the embedded one', secret: true }),
  publicUrl: optionalText('SOUK_PUBLIC_URL', { about: 'address that browsers use; default http://127.0.0.1:<port>' }),
  corsOrigins: list('SOUK_CORS_ORIGINS', { about: 'origins that may call the API from a browser' }),
  rateLimits: flag('SOUK_RATE_LIMITS', {
    about: 'rate limits and login throttle; off only for load tests',
    fallback: 'on',
  }),
  trustedProxies: networks('SOUK_TRUSTED_PROXIES', {
    about: 'addresses and networks whose X-Forwarded-For is believed',
  }),
  logLevel: text('SOUK_LOG_LEVEL', { about: 'debug, info, warn or error', fallback: 'info' }),
  serviceSecret: optionalText('SOUK_SERVICE_SECRET', {
    about: 'shared by the processes of one installation',
    secret: true,
  }),
  grpcBind: text('SOUK_GRPC_BIND', { about: 'address of the port for other processes', fallback: '127.0.0.1:0' }),
  poolSize: integer('SOUK_POOL', { about: 'database connections for requests', fallback: '16', min: 1, max: 200 }),
  drainDelayMs: duration('SOUK_DRAIN_DELAY', {
    about: 'wait between not-ready and the end of accepting',
    fallback: '0ms',
  }),
}

export type ServerSettings = ConfigOf<typeof serverSettings>
