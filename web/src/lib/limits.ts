/** Runs in one comparison. */
export const MOST_COMPARED = 100;
/** Runs in a table of differences: the server compares no more at once. */
export const MOST_SIDE_BY_SIDE = 20;
