import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

type Props = {
  readonly children: ComponentChildren;
  readonly onClick?: () => unknown;
  readonly type?: 'button' | 'submit';
  readonly kind?: 'plain' | 'primary' | 'danger' | 'quiet';
  readonly busy?: boolean;
  /** Why it cannot be pressed now; null or absent: it can. The reason is shown beside it and read out with it. */
  readonly disabledWhy?: string | null;
  readonly disabled?: boolean;
  readonly label?: string;
  /** The id of what is read out with it, where that is not `disabledWhy`. */
  readonly describedBy?: string;
};

let lastId = 0;

/**
 * A button. When what `onClick` starts is a promise it is busy until that ends, and cannot be pressed twice. One that is
 * disabled with a reason can still be reached by keyboard, or else nobody would hear the reason.
 */
export function Button({ children, onClick, type = 'button', kind = 'plain', busy = false, ...rest }: Props) {
  const { disabledWhy = null, disabled = false, label, describedBy } = rest;
  const [working, setWorking] = useState(false);
  const [id] = useState(() => `why-${++lastId}`);
  const mounted = useRef(true);
  useEffect(
    () => () => {
      mounted.current = false;
    },
    [],
  );

  const off = disabled || disabledWhy !== null || busy || working;
  const press = (event: Event) => {
    if (off) {
      event.preventDefault();
      return;
    }
    const started = onClick?.();
    if (!(started instanceof Promise)) return;
    setWorking(true);
    // Whoever gave the promise shows what went wrong; here it only has ended.
    const ended = () => mounted.current && setWorking(false);
    started.then(ended, ended);
  };

  return (
    <>
      <button
        type={type}
        class={`button ${kind}`}
        aria-disabled={off}
        aria-busy={busy || working}
        {...(label === undefined ? {} : { 'aria-label': label })}
        {...(disabledWhy === null
          ? describedBy === undefined
            ? {}
            : { 'aria-describedby': describedBy }
          : { 'aria-describedby': id })}
        onClick={press}
      >
        {children}
      </button>
      {disabledWhy === null ? null : (
        <span class="why-not soft" id={id}>
          {disabledWhy}
        </span>
      )}
    </>
  );
}
