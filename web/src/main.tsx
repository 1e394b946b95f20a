import { render } from "preact";

import { App } from "./app.tsx";
import { listenToKeys } from "./state/keys.ts";
import { followLinks } from "./state/route.ts";
import { startSession } from "./state/session.ts";
import "./styles/base.css";
import "./styles/frame.css";
import "./styles/table.css";

followLinks();
startSession();
listenToKeys();
render(<App />, document.getElementById("app")!);
