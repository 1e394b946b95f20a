import type { DatasetInput, Run } from "../../api/types.ts";
import { lazy } from "../../components/lazy.tsx";
import { LongText } from "../../components/pairs.tsx";
import { valueOf } from "../../lib/cells.ts";
import { parseProfile } from "../../lib/profile.ts";
import { parseSchema } from "../../lib/schema.ts";
import { sourceOf } from "../../lib/source.ts";

const Profile = lazy(() => import("./profile.tsx").then((module) => module.Profile));

/** The data sets that the run read, each with its digest and its columns. */
export function Data(props: { run: Run }) {
  const inputs = props.run.inputs?.dataset_inputs ?? [];
  if (!inputs.length) {
    return (
      <p class="muted">
        No data sets were recorded. <code>solvent.log_input(dataset, context="training")</code> records one with its digest
        and schema.
      </p>
    );
  }
  return (
    <div class="overview">
      {inputs.map((input, index) => (
        <Input key={index} input={input} />
      ))}
    </div>
  );
}

function Input(props: { input: DatasetInput }) {
  const { dataset = {}, tags } = props.input;
  const context = valueOf(tags, "mlflow.data.context");
  const profile = dataset.profile ? parseProfile(dataset.profile) : null;
  const schema = dataset.schema && <Schema text={dataset.schema} name={dataset.name ?? ""} />;
  return (
    <section class="panel" aria-label={`Data set ${dataset.name ?? ""}`}>
      <header>
        <h2>{dataset.name}</h2>
        {context && <span class="tag">{context}</span>}
        <code class="muted">{dataset.digest}</code>
      </header>
      <dl class="inline">
        <dt>Source</dt>
        <dd>
          <span class="muted">{dataset.source_type}</span> <Source text={dataset.source ?? ""} />
        </dd>
        {profile && profile.rows !== null && (
          <>
            <dt>Rows</dt>
            <dd>{profile.rows.toLocaleString("en")}</dd>
          </>
        )}
        {dataset.profile && (!profile || profile.failed !== null) && (
          <>
            <dt>Profile</dt>
            <dd>{profile ? <span class="warn">None: {profile.failed}</span> : <LongText text={dataset.profile} />}</dd>
          </>
        )}
      </dl>
      {profile?.columns && <Profile profile={profile} name={dataset.name ?? ""} />}
      {schema && profile?.columns ? (
        <details>
          <summary>Schema</summary>
          {schema}
        </details>
      ) : (
        schema
      )}
    </section>
  );
}

function Source(props: { text: string }) {
  const { text, href } = sourceOf(props.text);
  if (!href) return <LongText text={text} />;
  return (
    <a href={href} target="_blank" rel="noreferrer">
      {text}
    </a>
  );
}

function Schema(props: { text: string; name: string }) {
  const fields = parseSchema(props.text);
  if (!fields) return <pre tabIndex={0}>{props.text}</pre>;
  return (
    <div class="wide" tabIndex={0} role="region" aria-label={`Schema of ${props.name}`}>
      <table class="list">
        <thead>
          <tr>
            <th scope="col">Column</th>
            <th scope="col">Type</th>
            <th scope="col">Required</th>
          </tr>
        </thead>
        <tbody>
          {fields.map((field, index) => (
            <tr key={index}>
              <th scope="row">{field.name || index}</th>
              <td class="mono">{field.type}</td>
              <td>{field.required === null ? "–" : field.required ? "yes" : "no"}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
