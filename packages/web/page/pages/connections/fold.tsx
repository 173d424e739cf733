import type { ComponentChildren } from 'preact';

type Props = { readonly summary: string; readonly open?: boolean; readonly children: ComponentChildren };

/** A part of a form that may stay closed. It opens when something in it keeps the form from being sent, or nobody would see why. */
export function Fold({ summary, open = false, children }: Props) {
  return (
    <details
      open={open}
      onInvalidCapture={(event) => {
        event.currentTarget.open = true;
      }}
    >
      <summary>{summary}</summary>
      {children}
    </details>
  );
}
