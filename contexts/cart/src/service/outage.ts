/**
 * Whether the database is gone or swamped. Such an error is every waiting request's own: halving the batch would only
 * ask again for each of them.
 */
export const isOutage = (error: unknown): error is Error =>
  error instanceof Error && 'code' in error && (error.code === 'UNAVAILABLE' || error.code === 'OVERLOADED')
