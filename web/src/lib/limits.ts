/** Runs in one comparison. */
export const MOST_COMPARED = 100;
