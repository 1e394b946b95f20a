import { render } from "preact";

import { App } from "./app.tsx";
import { listenToKeys } from "./state/keys.ts";
import { followLinks } from "./state/route.ts";
import "./styles/base.css";
import "./styles/frame.css";
import "./styles/table.css";

followLinks();
listenToKeys();
render(<App />, document.getElementById("app")!);
