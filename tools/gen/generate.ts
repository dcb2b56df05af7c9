import { readFile } from 'node:fs/promises'
import { messageFiles } from './buf.ts'
import { contextFile } from './context-file.ts'
import { errorsDoc, eventsDoc } from './docs.ts'
import { factsFile } from './facts-file.ts'
import { grpcFile } from './grpc-file.ts'
import { masksFile } from './masks-file.ts'
import { methodsFile } from './methods-file.ts'
import type { Model } from './model.ts'
import { openapiJson } from './openapi.ts'
import { contractSource, type Files } from './output.ts'
import { postmanJson } from './postman.ts'
import { readModel } from './read-model.ts'
import { checkRules } from './rules.ts'
import { schemasFile, schemasJson } from './schemas-file.ts'
import { servicesFile } from './services-file.ts'
import { errorsFile, permissionsFile, ratesFile } from './tables-files.ts'

/** Everything that is generated from the image at `imagePath`. Same contract, same bytes. */
export async function generate(root: string, imagePath: string, folder: string): Promise<Files> {
  const model = readModel(await readFile(imagePath))
  checkRules(model)
  const own = ownFiles(model)
  return new Map([...(await messageFiles(root, imagePath, folder)), ...own])
}

function ownFiles(model: Model): Files {
  const source = (name: string, text: string): [string, string] => [`${contractSource}/${name}.ts`, text]
  return new Map([
    ...model.contexts.map((context) => source(context.name, contextFile(context))),
    source('methods', methodsFile(model)),
    source('services', servicesFile(model)),
    source('grpc', grpcFile()),
    source('errors', errorsFile(model)),
    source('permissions', permissionsFile(model)),
    source('rates', ratesFile(model)),
    source('facts', factsFile(model)),
    source('masks', masksFile(model)),
    source('schemas', schemasFile()),
    [`${contractSource}/schemas.json`, schemasJson(model)],
    ['packages/contract/openapi.json', openapiJson(model)],
    ['packages/contract/postman.json', postmanJson(model)],
    ['docs/errors.md', errorsDoc(model)],
    ['docs/events.md', eventsDoc(model)],
  ])
}
