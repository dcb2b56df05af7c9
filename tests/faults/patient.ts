import { randomUUID } from 'node:crypto'
import { type Answer, type Api, createApi } from '../api.ts'
import { pause } from './random.ts'

/** A change that the server said has happened, and how to ask for it again. */
export type Acked = { patient: Patient; verb: string; path: string; body: unknown; key: string; answer: Answer }

/** What all clients of a run saw together. */
export type Diary = {
  acked: Acked[]
  /** Answers that must never be given, whatever happens inside. */
  defects: string[]
  /** How often a request was sent again. */
  retries: number
}

export const newDiary = (): Diary => ({ acked: [], defects: [], retries: 0 })

/** A client that sends a request with the same key until it knows what became of it. */
export type Patient = {
  api: Api
  get<T = any>(path: string): Promise<Answer<T>>
  send<T = any>(verb: string, path: string, body: unknown, headers: Record<string, string>): Promise<Answer<T>>
  /** `key` is kept over all tries; a fresh one unless given. */
  post<T = any>(path: string, body?: unknown, key?: string): Promise<Answer<T>>
  /** Sent once, whatever comes back; undefined when nothing does. */
  once<T = any>(path: string, body: unknown, key?: string): Promise<Answer<T> | undefined>
  /** Reads until the answer satisfies. */
  see<T = any>(path: string, good: (body: T) => boolean): Promise<T>
}

/** Longer than any lock that a killed process leaves behind: a timer's minute, a key's half, and starting again. */
const patienceMs = 200_000
/** No deadline of the contract that these tests use is longer; whoever waits longer would wait for ever. */
const hangsAfterMs = 30_000

const isTransient = ({ status, body }: Answer): boolean =>
  status === 503 || status === 429 || (status === 409 && body?.code === 'IN_PROGRESS')

/** Undefined: no answer came. */
const sendOnce = async (
  api: Api,
  diary: Diary,
  [verb, path, body, headers]: [string, string, unknown, Record<string, string>],
): Promise<Answer | undefined> => {
  let timer: NodeJS.Timeout | undefined
  const hung = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => {
      diary.defects.push(`${verb} ${path} is not answered`)
      resolve(undefined)
    }, hangsAfterMs)
  })
  const answer = await Promise.race([api.send(verb, path, body, headers).catch(() => undefined), hung])
  clearTimeout(timer)
  if (answer && answer.status >= 500 && answer.status !== 503)
    diary.defects.push(`${verb} ${path}: ${answer.status} ${answer.text}`)
  if (answer?.status === 503 && !answer.headers.get('retry-after'))
    diary.defects.push(`${verb} ${path}: 503 ${answer.body?.code} without Retry-After`)
  return answer
}

const send = async (
  api: Api,
  diary: Diary,
  request: [string, string, unknown, Record<string, string>],
): Promise<Answer> => {
  const until = Date.now() + patienceMs
  for (;;) {
    const answer = await sendOnce(api, diary, request)
    if (answer && !isTransient(answer)) return answer
    if (Date.now() > until)
      throw new Error(`${request[0]} ${request[1]} is not served; last: ${answer?.status} ${answer?.text}`)
    diary.retries++
    await pause(Math.min(Number(answer?.headers.get('retry-after') ?? 0.2) * 1000, 1000))
  }
}

/** `signIn` is done again by somebody whose session is no longer trusted with what he wants to do. */
export const createPatient = (
  base: string,
  diary: Diary,
  { token, signIn }: { token?: string; signIn?: (patient: Patient) => Promise<string> } = {},
): Patient => {
  const api = createApi(base, token)
  let signingIn: Promise<unknown> | undefined
  const signInAgain = (again: (patient: Patient) => Promise<string>): Promise<unknown> => {
    signingIn ??= again(createPatient(base, diary))
      .then((fresh) => {
        api.token = fresh
      })
      .finally(() => {
        signingIn = undefined
      })
    return signingIn
  }
  const patient: Patient = {
    api,
    send: async (...request) => {
      const answer = await send(api, diary, request)
      if (!signIn || answer.body?.code !== 'STEP_UP_REQUIRED') return answer
      await signInAgain(signIn)
      return send(api, diary, request)
    },
    get: (path) => patient.send('GET', path, undefined, {}),
    post: async (path, body = {}, key = randomUUID()) => {
      const answer = await patient.send('POST', path, body, { 'idempotency-key': key })
      if (answer.status < 300) diary.acked.push({ patient, verb: 'POST', path, body, key, answer })
      return answer
    },
    once: async (path, body, key = randomUUID()) => {
      const answer = await sendOnce(api, diary, ['POST', path, body, { 'idempotency-key': key }])
      if (answer && answer.status < 300) diary.acked.push({ patient, verb: 'POST', path, body, key, answer })
      return answer
    },
    see: async (path, good) => {
      const until = Date.now() + patienceMs
      for (;;) {
        const { status, body, text } = await patient.get(path)
        if (status === 200 && good(body)) return body
        if (Date.now() > until) throw new Error(`GET ${path} never came true; last: ${text.slice(0, 1500)}`)
        await pause(250)
      }
    },
  }
  return patient
}
