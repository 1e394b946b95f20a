import { Component, type ComponentChild, type ComponentType } from "preact";

/** A component that is drawn anew only when one of its properties is another value. */
export function memo<P extends object>(Drawn: ComponentType<P>): ComponentType<P> {
  return class Memo extends Component<P> {
    override shouldComponentUpdate(next: Readonly<P>): boolean {
      return (Object.keys(next) as (keyof P)[]).some((key) => next[key] !== (this.props as P)[key]);
    }

    override render(): ComponentChild {
      return <Drawn {...(this.props as P)} />;
    }
  };
}
