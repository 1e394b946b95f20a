import { useCell } from "../state/cell.ts";
import { path } from "../state/route.ts";
import { leave, session } from "../state/session.ts";
import { type Theme, theme } from "../state/theme.ts";

const THEMES: [Theme, string][] = [
  ["system", "System theme"],
  ["light", "Light theme"],
  ["dark", "Dark theme"],
];

export function Header(props: { onHelp: () => void }) {
  const address = useCell(path);
  const user = useCell(session)?.user;
  const chosen = useCell(theme);
  const atHome = address === "/" || address.startsWith("/experiments");
  return (
    <header class="top">
      <a class="brand" href="/experiments">
        <Drop />
        <span>Solvent</span>
      </a>
      <nav aria-label="Main">
        <a href="/experiments" aria-current={atHome ? "page" : undefined}>
          Experiments
        </a>
      </nav>
      <div class="spring" />
      <label class="theme">
        <span class="hidden">Theme</span>
        <select value={chosen} onChange={(event) => (theme.value = event.currentTarget.value as Theme)}>
          {THEMES.map(([value, title]) => (
            <option key={value} value={value}>
              {title}
            </option>
          ))}
        </select>
      </label>
      {user && (
        <button type="button" class="quiet" onClick={leave} title="Sign out">
          {user.name}: sign out
        </button>
      )}
      <button type="button" class="quiet" onClick={props.onHelp} aria-label="Help">
        <kbd>?</kbd>
      </button>
    </header>
  );
}

function Drop() {
  return (
    <svg viewBox="0 0 24 24" width="18" height="18" aria-hidden="true">
      <path class="drop" d="M12 2.2c3.6 4.6 6.6 8 6.6 12A6.6 6.6 0 0 1 12 21a6.6 6.6 0 0 1-6.6-6.8c0-4 3-7.4 6.6-12z" />
      <path class="gleam" d="M8.6 14.4a3.5 3.5 0 0 0 3.4 3.5" />
    </svg>
  );
}
