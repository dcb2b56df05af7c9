/** How the wait grows with failures in a row. Milliseconds. */
export type ThrottleCurve = { free: number; firstMs: number; longestMs: number }

/** One guesser at one account: about sixty tries an hour after the free ones. */
export const perAccountAndAddress: ThrottleCurve = { free: 5, firstMs: 1000, longestMs: 60_000 }

/** One guesser at many accounts. Many people may share an address, so it starts late and stays short. */
export const perAddress: ThrottleCurve = { free: 80, firstMs: 1000, longestMs: 30_000 }

/** Failures are forgotten this long after the last one. */
export const forgottenAfterMs = 15 * 60_000

/** The wait after the n-th failure in a row: nothing at first, then doubling up to a bound; never a hard lock. */
export const delayAfter = (failures: number, { free, firstMs, longestMs }: ThrottleCurve): number =>
  failures < free ? 0 : Math.min(longestMs, firstMs * 2 ** Math.min(failures - free, 30))

const v4InV6 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i

const groupsOf = (part: string | undefined): number[] =>
  part ? part.split(':').map((group) => Number.parseInt(group, 16) || 0) : []

/** The network a guesser controls: an IPv4 address, or the /64 of an IPv6 address, of which he has 2^64. */
export const networkOf = (address: string): string => {
  const v4 = v4InV6.exec(address)?.[1]
  if (v4) return v4
  if (!address.includes(':')) return address
  const [head, tail] = address.split('::')
  const [left, right] = [groupsOf(head), groupsOf(tail)]
  const zeros = Array<number>(Math.max(0, 8 - left.length - right.length)).fill(0)
  return `${[...left, ...zeros, ...right]
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(':')}::/64`
}
