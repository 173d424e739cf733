import type { ComponentChildren } from 'preact';

type ToggleProps = {
  readonly on: boolean;
  readonly onPress: (on: boolean) => void;
  readonly children: ComponentChildren;
};

export function Toggle({ on, onPress, children }: ToggleProps) {
  return (
    <button type="button" class="toggle" aria-pressed={on} onClick={() => onPress(!on)}>
      {children}
    </button>
  );
}
