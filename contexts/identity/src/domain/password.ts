import type { Violation } from '@souk/kernel'
import type { Identifier } from './contact.ts'

const shortest = 8
const longest = 128

const refused = (rule: string, message: string): Violation[] => [{ field: 'password', rule, message }]

/**
 * The form that is hashed: the same text typed on two keyboards must be the same password, so compatibility forms are
 * unified (NIST SP 800-63B). Nothing is trimmed or cut.
 */
export const passwordForm = (password: string): string => password.normalize('NFKC')

/**
 * What is wrong with a new password: its length in characters, being among the most common ones, or being the name of
 * the account. There are no composition rules. `common` holds lower-case passwords.
 */
export const checkPassword = (password: string, { value }: Identifier, common: ReadonlySet<string>): Violation[] => {
  const length = [...password].length
  if (length < shortest) return refused('minLength', `at least ${shortest} characters`)
  if (length > longest) return refused('maxLength', `at most ${longest} characters`)
  const folded = passwordForm(password).toLowerCase()
  if (common.has(folded)) return refused('common', 'this password is among the first that attackers try')
  if (folded === value || folded === value.split('@')[0] || `+${folded}` === value || `+86${folded}` === value)
    return refused('context', 'the password must not be the name of the account')
  return []
}
