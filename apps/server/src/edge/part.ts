import { type PagePart, PartState_Value } from '@souk/contract/edge'

/** One part of a page: its value, or the mark that it failed while the rest is served. */
export const part = async <T>(name: string, work: Promise<T>, otherwise: T): Promise<{ value: T; part: PagePart }> => {
  try {
    return { value: await work, part: { name, state: PartState_Value.OK } }
  } catch {
    return { value: otherwise, part: { name, state: PartState_Value.FAILED } }
  }
}

export const absent = (name: string): PagePart => ({ name, state: PartState_Value.ABSENT })
