/**
 * What every server is started with. It goes on the command line, not into postgresql.conf, so that an old cluster gets
 * today's values; whoever wants others runs a server of his own and sets `DATABASE_URL`.
 */
export function serverSettings(maxConnections: number): Record<string, string> {
  return {
    max_connections: String(maxConnections),
    cluster_name: 'souk',
    timezone: 'UTC',
    shared_buffers: '128MB',
    // The hot tables are in memory. At the default of 4 a batch of fifty ids reads a table of ten thousand rows from
    // end to end in place of its index: a quarter to a third of PostgreSQL's time for a payment (measured).
    random_page_cost: '1.1',
    fsync: 'on',
    // Fewer checkpoints, because each makes the next small commits carry whole pages, but no more log than a restart
    // after a crash replays in a few seconds. Compressing those pages wrote a fifth of the log for 5-9 % of the rate
    // in the first seconds after a checkpoint (measured with pgbench).
    wal_compression: 'on',
    max_wal_size: '1GB',
    min_wal_size: '256MB',
    checkpoint_timeout: '15min',
    // A killed process must not keep its row locks until its statement ends by itself.
    client_connection_check_interval: '2s',
    // No subscriptions here, so no process that waits for some.
    max_logical_replication_workers: '0',
    shared_preload_libraries: 'pg_stat_statements',
    'pg_stat_statements.track_utility': 'off',
    ...logSettings,
  }
}

/** Plain lines to standard error, and nothing of what people typed: no statements, no parameters, no key values. */
const logSettings = {
  logging_collector: 'off',
  log_timezone: 'UTC',
  log_line_prefix: '%m [%p] %d ',
  log_error_verbosity: 'terse',
  log_min_error_statement: 'panic',
  log_checkpoints: 'off',
}

/** Nothing of ours: neither our secrets nor a user's LANG and PG* variables reach a server that outlives us. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  const needed = ['PATH', 'SystemRoot', 'SystemDrive', 'COMSPEC', 'TEMP', 'TMP']
  const kept = needed.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]))
  return { ...Object.fromEntries(kept), LC_ALL: 'C', TZ: 'UTC' }
}
