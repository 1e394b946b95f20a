import { useEffect, useRef, useState } from "preact/hooks";

import { Header } from "./components/header.tsx";
import { Help } from "./components/help.tsx";
import { lazy } from "./components/lazy.tsx";
import { useCell } from "./state/cell.ts";
import { useKeys } from "./state/keys.ts";
import { go, path } from "./state/route.ts";
import { mustSignIn } from "./state/session.ts";
import { ExperimentsView } from "./views/experiments.tsx";
import { MissingView } from "./views/missing.tsx";
import { RunsView } from "./views/runs.tsx";
import { SignInView } from "./views/sign-in.tsx";

// The views with charts are fetched when they are first opened: the tables come sooner.
const RunView = lazy(() => import("./views/run.tsx").then((module) => module.RunView));
const CompareView = lazy(() => import("./views/compare.tsx").then((module) => module.CompareView));

function view(address: string) {
  const runs = /^\/experiments\/([\w,-]+)$/.exec(address);
  const run = /^\/runs\/([\w-]+)$/.exec(address);
  if (runs) return <RunsView ids={runs[1]!} />;
  if (run) return <RunView key={run[1]!} id={run[1]!} />;
  if (address === "/compare") return <CompareView />;
  if (address === "/" || address === "/experiments") return <ExperimentsView />;
  return <MissingView />;
}

export function App() {
  const [helping, setHelping] = useState(false);
  const main = useRef<HTMLElement>(null);
  const address = useCell(path);
  const locked = useCell(mustSignIn);
  const first = useRef(true);

  useKeys({
    "?": () => setHelping(true),
    g: () => go("/experiments"),
    "/": () => document.querySelector<HTMLInputElement>("[data-query]")?.focus(),
  });
  useEffect(() => {
    if (first.current) first.current = false;
    else main.current?.focus({ preventScroll: true }); // a screen reader is told of the new view
  }, [address]);

  return (
    <>
      <a class="skip" href="#main" data-plain>
        Skip to content
      </a>
      <Header onHelp={() => setHelping(true)} />
      <main id="main" ref={main} tabIndex={-1}>
        {locked ? <SignInView /> : view(address)}
      </main>
      {helping && <Help onClose={() => setHelping(false)} />}
    </>
  );
}
