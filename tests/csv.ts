/** A CSV text as records, quotes and line breaks inside them included; for judging an import by another reading of its file. */
export const parseCsv = (text: string): string[][] => {
  const records: string[][] = []
  let record: string[] = []
  let cell = ''
  let quoted = false
  const endCell = () => {
    record.push(cell)
    cell = ''
  }
  for (let place = 0; place < text.length; place++) {
    const character = text[place]!
    if (quoted && character === '"' && text[place + 1] === '"') {
      cell += character
      place++
    } else if (character === '"') quoted = !quoted
    else if (!quoted && character === ',') endCell()
    else if (!quoted && character === '\n') {
      endCell()
      records.push(record)
      record = []
    } else if (quoted || character !== '\r') cell += character
  }
  if (cell !== '' || record.length > 0) {
    endCell()
    records.push(record)
  }
  return records
}

const quote = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

/** Rows by column title; a column that a row does not name is blank. */
export const writeCsv = (columns: readonly string[], rows: readonly Record<string, string>[], lineEnd = '\n'): string =>
  [columns, ...rows.map((row) => columns.map((column) => row[column] ?? ''))]
    .map((cells) => cells.map(quote).join(',') + lineEnd)
    .join('')
