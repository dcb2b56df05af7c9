/** Generated text by path, relative to the project's root. */
export type Files = Map<string, string>

export const contractSource = 'packages/contract/src'

const banner = '// Generated from proto/ by tools/gen. Do not edit.\n'

/** A generated TypeScript file: banner, then the parts, a blank line between them. */
export function sourceFile(...parts: (string | false)[]): string {
  return `${banner}\n${parts.filter(Boolean).join('\n\n').trimEnd()}\n`
}
