import assert from 'node:assert/strict'
import { errors } from '@souk/contract/errors'
import type { Answer } from './api.ts'

export type Problem = {
  type: string
  title: string
  status: number
  detail: string
  code: keyof typeof errors
  traceId: string
  violations?: { field: string; rule: string; message: string }[]
}

/** Words that only our inside knows: frames, files, statements, schemas, drivers. */
const inside =
  /\bat \S+ \(|\.(ts|js|mjs):\d|node_modules|node:internal|\b(select|insert|update|delete)\b.+\b(from|into|set|where)\b|souk_|\bpg_|ECONN|ENOENT|TypeError|SyntaxError|Unexpected token/i

/** The answer as the problem that SPEC section 2 promises; fails when anything of it is missing or tells too much. */
export const problemOf = ({ status, headers, body, text }: Answer, says: string): Problem => {
  assert.ok(status >= 400, `${says}: ${status}, not refused: ${text.slice(0, 300)}`)
  assert.equal(
    headers.get('content-type'),
    'application/problem+json; charset=utf-8',
    `${says}: ${status} ${text.slice(0, 300)}`,
  )
  const problem = body as Problem
  for (const name of ['type', 'title', 'detail', 'code', 'traceId'] as const)
    assert.ok(typeof problem[name] === 'string' && problem[name] !== '', `${says}: no ${name} in ${text}`)
  assert.equal(problem.status, status, says)
  assert.ok(Object.hasOwn(errors, problem.code), `${says}: ${problem.code} is not in the contract`)
  assert.equal(errors[problem.code].status, status, `${says}: ${problem.code}`)
  assert.match(problem.traceId, /^[0-9a-f]{32}$/, says)
  assert.ok(headers.get('x-request-id'), `${says}: no X-Request-Id`)
  for (const violation of problem.violations ?? []) {
    assert.deepEqual(Object.keys(violation).toSorted(), ['field', 'message', 'rule'], says)
    for (const word of Object.values(violation)) assert.equal(typeof word, 'string', says)
  }
  assert.doesNotMatch(text, inside, says)
  return problem
}

/** A refusal with exactly this code. */
export const refusedWith = (answer: Answer, code: Problem['code'], says: string): Problem => {
  const problem = problemOf(answer, says)
  assert.equal(problem.code, code, `${says}: ${answer.text.slice(0, 500)}`)
  return problem
}

/** A refusal of what was sent that names the field. */
export const refusedField = (answer: Answer, field: string, says: string): Problem => {
  const problem = refusedWith(answer, 'VALIDATION_FAILED', says)
  const fields = problem.violations?.map((violation) => violation.field) ?? []
  assert.ok(
    fields.some((named) => named === field || named.startsWith(`${field}.`) || named.startsWith(`${field}[`)),
    `${says}: ${field} is not named in ${answer.text}`,
  )
  return problem
}
