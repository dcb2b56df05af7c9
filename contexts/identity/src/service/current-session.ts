import type { Call } from '@souk/platform'

/** The session of the signed-in user's token; empty for everybody else. */
export const sessionIdOf = ({ actor }: Call): string => (actor.kind === 'user' ? actor.sessionId : '')
