const steps = [1000, 1000, 2000, 3000]
const steady = 5000

/** Milliseconds until the next look at a payment whose outcome is open, counted from 0. */
export const pollDelay = (looks: number): number => steps[looks] ?? steady
