import { Cell } from "./cell.ts";

export type Theme = "system" | "light" | "dark";

const KEY = "solvent.theme";
const dark = matchMedia("(prefers-color-scheme: dark)");

function stored(): Theme {
  try {
    const value = localStorage.getItem(KEY);
    return value === "light" || value === "dark" ? value : "system";
  } catch {
    return "system";
  }
}

export const theme = new Cell(stored());

/** Grows whenever colours change: charts read it to draw themselves anew. */
export const palette = new Cell(0);

dark.addEventListener("change", () => palette.value++);

function apply(): void {
  const chosen = theme.value;
  if (chosen === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = chosen;
  palette.value++;
  try {
    if (chosen === "system") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, chosen);
  } catch {
    // storage is blocked: the choice holds until the page is closed
  }
}

apply();
theme.follow(apply);
