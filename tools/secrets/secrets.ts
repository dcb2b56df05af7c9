/** How the secrets look that people commit by mistake. */
const shapes: readonly [name: string, shape: RegExp][] = [
  ['a private key', /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/],
  ['a private key as JWK', /"d"\s*:\s*"[\w-]{40,}"/],
  ['a cloud key', /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\bAIza[\w-]{35}|\bLTAI[0-9A-Za-z]{12,}/],
  ['a token of a code host', /\bgh[pousr]_[0-9A-Za-z]{36}|\bgithub_pat_\w{40,}|\bglpat-[\w-]{20,}/],
  ['a token of a package registry', /\bnpm_[0-9A-Za-z]{36}|_authToken\s*=\s*[^\s$]{8,}/],
  ['a token of a chat', /\bxox[abeprs]-[\w-]{10,}/],
  ['a key of a payment channel', /\b[rs]k_live_\w{16,}/],
  ['a signed token', /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{20,}/],
  ['a password in an address', /\b[a-z][a-z+]*:\/\/[\w.-]+:(?![$<{])[^\s@/'"`$]{12,}@/],
  ['a secret in a setting', /\b\w*(?:secret|password|passwd|api_?key|token)['"]?\s*[:=]\s*['"]?[0-9A-Za-z+/_-]{32,}/i],
]

/** `line: what it looks like` for every line of a text that seems to hold a secret. */
export const secretsIn = (text: string): string[] =>
  text
    .split('\n')
    .flatMap((line, place) => shapes.flatMap(([name, shape]) => (shape.test(line) ? [`${place + 1}: ${name}`] : [])))
