export function MissingView() {
  return (
    <section class="page">
      <h1>There is nothing at this address</h1>
      <p>
        It may have been typed or copied wrong. All that was logged is reached from the{" "}
        <a href="/experiments">experiments</a>.
      </p>
    </section>
  );
}
