// Generated from proto/ by tools/gen. Do not edit.

import table from './schemas.json' with { type: 'json' }

/** Draft-07; the only format is `date-time` (Ajv needs ajv-formats for it). NUL and lone surrogates in text are not
 * looked for here: a pattern on every string costs more than one scan of the raw body. */
export type JsonSchema = { readonly $id: string; readonly [keyword: string]: unknown }

/**
 * By `$id`: `<message>.<kind>`.
 * - `input`: a JSON body, strict; `query`: the same for methods without a body, to be compiled with coercion on.
 * - `call`: the message as a verb receives it: fields that the gateway fills are there, and a field that is neither
 *   required nor optional may hold its zero value.
 * - `output`: an answer or a fact.
 */
export const schemas: Readonly<Record<string, JsonSchema>> = table as unknown as Record<string, JsonSchema>
