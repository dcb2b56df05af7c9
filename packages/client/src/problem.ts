/** One thing wrong with one field; `field` is a JSON path such as `lines[0].quantity`. */
export type Violation = { field: string; rule: string; message: string }

export type ProblemFields = {
  /** HTTP status; 0 when no answer came. */
  status: number
  /** A stable word such as `OUT_OF_STOCK`; `NETWORK` and `TIMEOUT` when no answer came. */
  code: string
  title?: string
  /** In the caller's language. */
  detail?: string
  violations?: readonly Violation[]
  traceId?: string
  /** Seconds. */
  retryAfter?: number
  /** The numbers that a client needs to go on, such as the SKUs that are short. */
  params?: Readonly<Record<string, unknown>>
}

/** A refusal of the server (RFC 9457), or no answer at all. */
export class Problem extends Error {
  readonly status: number
  readonly code: string
  readonly title: string
  readonly detail: string
  readonly violations: readonly Violation[]
  readonly traceId: string
  readonly retryAfter: number | undefined
  readonly params: Readonly<Record<string, unknown>>

  constructor(
    { status, code, title = '', detail = '', violations = [], traceId = '', retryAfter, params = {} }: ProblemFields,
    cause?: unknown,
  ) {
    super(detail || title || code, { cause })
    this.name = 'Problem'
    this.status = status
    this.code = code
    this.title = title
    this.detail = detail
    this.violations = violations
    this.traceId = traceId
    this.retryAfter = retryAfter
    this.params = params
  }
}

/** An answer whose body is here, too. */
export type Arrived = { status: number; statusText: string; headers: Headers; bytes: Uint8Array<ArrayBuffer> }

export const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

const saidIn = (bytes: Uint8Array): Partial<ProblemFields> => {
  try {
    const said: unknown = JSON.parse(textOf(bytes))
    return said !== null && typeof said === 'object' ? said : {}
  } catch {
    return {}
  }
}

/** The Problem in an answer; what stands between us and the server may answer with anything. */
export const problemFrom = ({ status, statusText, headers, bytes }: Arrived): Problem => {
  const said = saidIn(bytes)
  const wait = Number(headers.get('retry-after') ?? Number.NaN)
  return new Problem({
    title: statusText,
    ...said,
    status,
    code: typeof said.code === 'string' ? said.code : `HTTP_${status}`,
    traceId: said.traceId ?? headers.get('x-request-id') ?? '',
    retryAfter: wait >= 0 ? wait : undefined,
  })
}
