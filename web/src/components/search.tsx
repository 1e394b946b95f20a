/** A field that filters what is shown by name, while one types; Escape leaves it. */
export function Search(props: { label: string; placeholder: string; value: string; onInput: (text: string) => void }) {
  return (
    <label class="search">
      <span class="hidden">{props.label}</span>
      <input
        type="search"
        data-query
        placeholder={props.placeholder}
        value={props.value}
        onInput={(event) => props.onInput(event.currentTarget.value)}
        onKeyDown={(event) => event.key === "Escape" && event.currentTarget.blur()}
      />
    </label>
  );
}
