// Who looks at the page, and whether the server wants to know.
import { onUnauthenticated } from "../api/client.ts";
import { type Session, endSession, getSession } from "../api/session.ts";
import { Cell } from "./cell.ts";

export const session = new Cell<Session | null>(null);
/** Whether the sign-in stands in place of every view. */
export const mustSignIn = new Cell(false);

/** Asks once who we are; an older or another server does not say. */
export function startSession(): void {
  onUnauthenticated(() => (mustSignIn.value = true));
  getSession().then(enter, () => undefined);
}

export function enter(now: Session): void {
  session.value = now;
  mustSignIn.value = now.authentication && !now.user;
}

export async function leave(): Promise<void> {
  enter(await endSession());
}
