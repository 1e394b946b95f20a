/** The first ``limit`` records of a CSV text (RFC 4180: quotes, doubled quotes, line ends inside quotes). */
export function parseCsv(text: string, delimiter: string, limit: number): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  let field = "";
  let quoted = false;
  const closeRecord = () => {
    record.push(field);
    if (record.length > 1 || field) records.push(record);
    record = [];
    field = "";
  };
  for (let index = 0; index < text.length && records.length < limit; index++) {
    const character = text[index]!;
    if (quoted) {
      if (character !== '"') field += character;
      else if (text[index + 1] === '"') field += text[++index];
      else quoted = false;
    } else if (character === '"' && !field) quoted = true;
    else if (character === delimiter) {
      record.push(field);
      field = "";
    } else if (character === "\n") closeRecord();
    else if (character !== "\r") field += character;
  }
  if (records.length < limit && (field || record.length)) closeRecord();
  return records;
}
