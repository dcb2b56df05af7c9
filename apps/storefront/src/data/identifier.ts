/** One field for both ways to sign in: with an @ it is an e-mail address, else a phone number. */
export const identify = (typed: string): { email: string } | { phone: string } => {
  const text = typed.trim()
  return text.includes('@') ? { email: text } : { phone: text }
}
