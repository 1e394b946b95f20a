// The JSON texts in which MLflow's clients describe a data set's columns.

import { parsed } from "./json.ts";

export interface Field {
  name: string;
  type: string;
  required: boolean | null;
}

interface ColSpec {
  name?: unknown;
  type?: unknown;
  required?: unknown;
}

/** The fields of a schema; null if it is of a form that we don't know. */
export function parseSchema(text: string): Field[] | null {
  const schema = parsed(text);
  if (typeof schema !== "object" || schema === null) return null;
  const { mlflow_colspec: columns, mlflow_tensorspec: tensors } = schema as Record<string, unknown>;
  if (Array.isArray(columns)) return columns.map((column) => fieldOf(column as ColSpec));
  if (typeof tensors !== "object" || tensors === null) return null;
  return Object.entries(tensors).flatMap(([side, spec]) => tensorFields(side, spec));
}

function fieldOf(column: ColSpec): Field {
  return {
    name: text(column.name ?? ""),
    type: text(column.type ?? ""),
    required: typeof column.required === "boolean" ? column.required : null,
  };
}

function tensorFields(side: string, spec: unknown): Field[] {
  let tensors = spec;
  try {
    if (typeof spec === "string") tensors = JSON.parse(spec);
  } catch {
    return [{ name: side, type: text(spec), required: null }];
  }
  if (!Array.isArray(tensors)) return [];
  return tensors.map((tensor: { name?: unknown; "tensor-spec"?: { dtype?: unknown; shape?: unknown } }) => ({
    name: tensor.name ? `${side}: ${text(tensor.name)}` : side,
    type: `${text(tensor["tensor-spec"]?.dtype ?? "")} ${text(tensor["tensor-spec"]?.shape ?? "")}`.trim(),
    required: null,
  }));
}

function text(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
