// Which tags tell about what.
import type { KeyValue } from "../api/types.ts";

const CODE = /^(mlflow\.source\.|mlflow\.project\.|solvent\.(git|code|command|project)\b)/;

/** About the code: commit, branch, source, command line. */
export function isCodeTag({ key = "" }: KeyValue): boolean {
  return CODE.test(key);
}

/** About where it ran: Python, host, hardware. */
export function isEnvironmentTag({ key = "" }: KeyValue): boolean {
  return key.startsWith("solvent.") && !CODE.test(key);
}

/** Set by the user, not by Solvent or MLflow. */
export function isOwnTag({ key = "" }: KeyValue): boolean {
  return !/^(mlflow|solvent)\./.test(key);
}
