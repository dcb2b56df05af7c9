import { randomUUID } from 'node:crypto'
import { cny, must } from '../api.ts'
import type { System } from '../system.ts'
import { createPatient, type Diary, newDiary, type Patient } from './patient.ts'

/** A shop with more stock than any of these runs sells, its people, and what they saw. */
export type Shop = {
  system: System
  diary: Diary
  admin: Patient
  /** Holds stock by hand, with an API key. */
  integrator: Patient
  skuIds: string[]
  /** Fewer of it than are wanted. */
  scarce: string
}

export const price = 10_000

const password = 'a long enough password 1'

/** Signs in, whatever happens meanwhile, and again when what he wants to do needs it. */
export const signInPatiently = async (
  system: System,
  diary: Diary,
  who: { email: string; password: string },
): Promise<Patient> => {
  const signIn = async (patient: Patient): Promise<string> =>
    must(await patient.post('/v1/auth/login', who), 200).accessToken
  const token = await signIn(createPatient(system.base, diary))
  return createPatient(system.base, diary, { token, signIn })
}

/** A new buyer; one whose registration was answered by nobody may be there all the same. */
export const registerPatiently = async ({ system, diary }: Pick<Shop, 'system' | 'diary'>): Promise<Patient> => {
  const who = { email: `buyer-${randomUUID()}@example.com`, password }
  const patient = createPatient(system.base, diary)
  const answer = await patient.post('/v1/auth/register', who)
  if (answer.body?.code === 'ACCOUNT_EXISTS') return signInPatiently(system, diary, who)
  patient.api.token = must(answer, 201).accessToken
  return patient
}

export const createProductPatiently = async (admin: Patient, stock: number): Promise<string> => {
  const name = `Thing ${randomUUID()}`
  const body = { name, skus: [{ code: name, options: {}, price: cny(price), initialStock: stock }], publish: true }
  return must(await admin.post('/v1/admin/products', body), 201).skus[0].id
}

/** Opens a shop; survives a kill at any moment, as everything that these clients do. */
export const openShop = async (system: System, diary: Diary = newDiary()): Promise<Shop> => {
  const admin = await signInPatiently(system, diary, system.admin)
  const key = { name: 'integrator', scopes: ['inventory:operate'] }
  const integrator = createPatient(system.base, diary, {
    token: must(await admin.post('/v1/admin/api-keys', key), 201).secret,
  })
  const skuIds: string[] = []
  for (let n = 0; n < 4; n++) skuIds.push(await createProductPatiently(admin, 1_000_000))
  return { system, diary, admin, integrator, skuIds, scarce: await createProductPatiently(admin, 1) }
}
