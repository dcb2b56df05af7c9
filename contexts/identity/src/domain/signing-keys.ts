/** When a key of access tokens begins to sign; it does so until the next generation begins. */
export type KeySchedule = { kid: string; generation: number; signsFrom: Date }

export type RotationRule = {
  /** Milliseconds an access token lives. */
  tokenLifeMs: number
  /** Milliseconds between two keys. */
  everyMs: number
}

/** Lead before a new key signs, and time for which an old one is still accepted afterwards. */
export const overlapMs = ({ tokenLifeMs }: RotationRule): number => 2 * tokenLifeMs

const newestFirst = (a: KeySchedule, b: KeySchedule): number => b.generation - a.generation

/** The newest key that may sign now. */
export const signingKeyAt = <K extends KeySchedule>(keys: readonly K[], now: Date): K | undefined =>
  [...keys].sort(newestFirst).find(({ signsFrom }) => signsFrom <= now)

/** Keys whose tokens are accepted: those to come, the one that signs, and those it replaced less than an overlap ago. */
export const acceptedKeysAt = <K extends KeySchedule>(keys: readonly K[], rule: RotationRule, now: Date): K[] =>
  keys.filter(
    ({ generation }) =>
      !keys.some(
        (later) => later.generation > generation && later.signsFrom.getTime() + overlapMs(rule) <= now.getTime(),
      ),
  )

/** The next key's place in the schedule, when it is time for one. The very first signs at once. */
export const nextKeyAt = (
  keys: readonly KeySchedule[],
  rule: RotationRule,
  now: Date,
): { generation: number; signsFrom: Date } | undefined => {
  const newest = [...keys].sort(newestFirst)[0]
  if (!newest) return { generation: 1, signsFrom: now }
  if (newest.signsFrom.getTime() + rule.everyMs > now.getTime()) return undefined
  return { generation: newest.generation + 1, signsFrom: new Date(now.getTime() + overlapMs(rule)) }
}
