import { readFile } from 'node:fs/promises'
import { readBaseline, wireChanges } from './buf.ts'
import { successStatus } from './entries.ts'
import type { Method, Model } from './model.ts'
import { readModel } from './read-model.ts'

/** What clients of the accepted contract would not survive, a sentence each: on the wire by buf, over HTTP by us. */
export async function breakingChanges(root: string, imagePath: string): Promise<string[]> {
  const before = readModel(await readBaseline(root))
  const now = readModel(await readFile(imagePath))
  const wire = await wireChanges(root, imagePath)
  return [...wire, ...routeChanges(before, now), ...requiredChanges(before, now), ...errorChanges(before, now)]
}

function* routeChanges(before: Model, now: Model): Iterable<string> {
  const kept = new Map(now.methods.map((method) => [method.name, new Set(routesOf(method))]))
  const statuses = new Map(now.methods.map((method) => [method.name, successStatus(method)]))
  for (const method of before.methods) {
    for (const route of routesOf(method)) {
      if (!kept.get(method.name)?.has(route)) yield `The route ${route} of ${method.name} is gone.`
    }
    const [was, is] = [successStatus(method), statuses.get(method.name)]
    if (method.http && is !== undefined && is !== was) yield `${method.name} answers ${is}, no longer ${was}.`
  }
}

function routesOf({ http, rules }: Method): string[] {
  return [...(http ? [http] : []), ...(rules?.aliases ?? [])].map(({ verb, path }) => `${verb} ${path}`)
}

function* requiredChanges(before: Model, now: Model): Iterable<string> {
  const requests = new Set(before.methods.filter((method) => method.http).map(({ request }) => request.fullName))
  for (const message of now.messages.values()) {
    if (!requests.has(message.fullName)) continue
    const fields = before.messages.get(message.fullName)?.fields ?? []
    for (const { name, json, rules } of message.fields) {
      const known = fields.find((field) => field.name === name)
      if (rules.required && !known?.rules.required) yield `The field ${json} of ${message.name} became required.`
    }
  }
}

function* errorChanges(before: Model, now: Model): Iterable<string> {
  const statuses = new Map(now.errors.map(({ code, status }) => [code, status]))
  for (const { code, status } of before.errors) {
    const is = statuses.get(code)
    if (is !== undefined && is !== status) yield `The error ${code} changed its status from ${status} to ${is}.`
  }
}
