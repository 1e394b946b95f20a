// What travels, as the server writes it: a field that is empty, zero or null is left out.

/** A float: a JSON number, or the text NaN, Infinity or -Infinity. */
export type WireNumber = number | "NaN" | "Infinity" | "-Infinity";

export interface KeyValue {
  key?: string;
  value?: string;
}

export interface Experiment {
  experiment_id: string;
  name?: string;
  artifact_location?: string;
  lifecycle_stage?: string;
  last_update_time?: number;
  creation_time?: number;
  tags?: KeyValue[];
}

export interface Metric {
  key?: string;
  value?: WireNumber;
  timestamp?: number;
  step?: number;
}

export type Status = "RUNNING" | "SCHEDULED" | "FINISHED" | "FAILED" | "KILLED";

export interface RunInfo {
  run_id: string;
  run_name?: string;
  experiment_id?: string;
  user_id?: string;
  status?: Status;
  start_time?: number;
  end_time?: number;
  artifact_uri?: string;
  lifecycle_stage?: string;
}

export interface Dataset {
  name?: string;
  digest?: string;
  source_type?: string;
  source?: string;
  schema?: string;
  profile?: string;
}

export interface DatasetInput {
  dataset?: Dataset;
  tags?: KeyValue[];
}

export interface Run {
  info: RunInfo;
  data: { metrics?: Metric[]; params?: KeyValue[]; tags?: KeyValue[] };
  inputs?: { dataset_inputs?: DatasetInput[]; model_inputs?: { model_id?: string }[] };
  outputs?: { model_outputs?: { model_id?: string; step?: number }[] };
}

export interface Keys {
  metrics: string[];
  params: string[];
  tags: string[];
}

export interface Slice {
  run_id: string;
  key: string;
  total: number;
  steps: number[];
  times: number[];
  values: WireNumber[];
}

export interface Summary {
  key: string;
  count: number;
  last: WireNumber;
  min: WireNumber;
  max: WireNumber;
  mean: WireNumber;
  last_step: number;
}

export interface FileInfo {
  path: string;
  is_dir?: boolean;
  file_size?: number;
}
