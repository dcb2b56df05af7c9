/** One thing wrong with one field of a request. `field` is a JSON path such as `lines[0].quantity`. */
export type Violation = { field: string; rule: string; message: string }

/**
 * A refusal. `code` is a word declared in the contract, which also holds its HTTP status and both languages;
 * everything else that is thrown is a bug or an outage and becomes INTERNAL or UNAVAILABLE at the border.
 */
export class Fault extends Error {
  readonly code: string
  readonly params: Record<string, unknown>
  readonly violations: Violation[]

  constructor(code: string, params: Record<string, unknown> = {}, violations: Violation[] = [], cause?: unknown) {
    super(code, { cause })
    this.name = 'Fault'
    this.code = code
    this.params = params
    this.violations = violations
  }
}

/** Builds a Fault; `faults.ts` of each context gives these their business names. */
export const fault = (code: string, params?: Record<string, unknown>, cause?: unknown): Fault =>
  new Fault(code, params, [], cause)

/** VALIDATION_FAILED with its violations. */
export const invalid = (...violations: Violation[]): Fault => new Fault('VALIDATION_FAILED', {}, violations)

/** The Fault inside an error, following `cause`; undefined when there is none. */
export const faultOf = (error: unknown): Fault | undefined => {
  for (let at = error, depth = 0; at instanceof Error && depth < 10; at = at.cause, depth++)
    if (at instanceof Fault) return at
  return undefined
}
