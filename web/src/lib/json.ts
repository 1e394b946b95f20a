// JSON that any client may have written: nothing in it is taken for granted.

export type Fields = Record<string, unknown>;

/** What the text says, or null if it is no JSON. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function fieldsIn(value: unknown): Fields[] {
  return Array.isArray(value) ? value.filter(isFields) : [];
}

export function asNumber(value: unknown): number | null {
  return typeof value === "number" ? value : null;
}

export function asText(value: unknown): string {
  return typeof value === "string" ? value : "";
}
