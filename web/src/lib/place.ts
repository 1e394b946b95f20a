/** The character (from 0) of the query that an error's message means, where it names one (from 1). */
export function placeOf(message: string, query: string): number | null {
  const found = /^Invalid filter, character (\d+)/.exec(message);
  if (!found) return null;
  const place = Number(found[1]) - 1;
  return place >= 0 && place <= [...query].length ? place : null;
}
