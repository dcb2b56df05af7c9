import { createReadStream } from 'node:fs'
import type { CsvError, Info, Options } from 'csv-parse'

/** One record; `end` is the first byte after it. Or what could not be read, from which `lost` on nothing follows. */
export type CsvRecord = { cells: string[]; end: number } | { unreadable: string; end: number }

/** Reads records of a CSV file from a byte on, a block at a time. */
export type CsvReader = (path: string, from: number) => AsyncGenerator<CsvRecord>

const longestRecord = 1024 * 1024

const options: Options = {
  // Written out, since a parser that guesses from the first line misreads a file with mixed line ends.
  record_delimiter: ['\r\n', '\n', '\r'],
  relax_column_count: true,
  relax_quotes: true,
  skip_empty_lines: true,
  skip_records_with_error: true,
  max_record_size: longestRecord,
}

const reasons: Record<string, string> = {
  CSV_QUOTE_NOT_CLOSED: 'a quote is not closed',
  CSV_MAX_RECORD_SIZE: 'a record is longer than 1 MB; is a quote not closed?',
}

/** Opens files as RFC 4180 has it: UTF-8 with or without BOM, any line end, quotes around line breaks. */
export const readCsv: CsvReader = async function* (path, from) {
  const { parse } = await import('csv-parse')
  const ready: CsvRecord[] = []
  let failed: string | undefined
  let end = from
  const parser = parse({
    ...options,
    bom: from === 0,
    on_record: (cells: string[], info: Info) => {
      end = from + info.bytes
      ready.push({ cells, end })
      return null
    },
  })
  // A record that cannot be read hides where the next one begins.
  parser.on('skip', (error: CsvError) => {
    failed ??= reasons[error.code] ?? 'cannot be read'
  })
  const closed = new Promise<void>((resolve) =>
    parser
      .on('error', (error: CsvError) => {
        failed ??= reasons[error.code] ?? 'cannot be read'
        resolve()
      })
      .on('end', resolve),
  )
  parser.resume()
  for await (const block of createReadStream(path, { start: from })) {
    parser.write(block)
    yield* ready.splice(0)
    if (failed) break
  }
  if (!failed) {
    parser.end()
    await closed
    yield* ready.splice(0)
  }
  if (failed) yield { unreadable: failed, end }
}
