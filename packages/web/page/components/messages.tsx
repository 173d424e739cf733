import { type ComponentChildren, createContext } from 'preact';
import { useCallback, useContext, useRef, useState } from 'preact/hooks';
import { Button } from './button.js';
import { Theirs } from './theirs.js';

type Message = { readonly id: number; readonly text: string; readonly kind: 'done' | 'wrong' };

/** Tells the person that something was done, or went wrong. */
export type Say = (text: string, kind?: Message['kind']) => void;

const SayContext = createContext<Say>(() => undefined);

/** `say('Saved.')`: shown at the edge of the page, and read out. */
export function useSay(): Say {
  return useContext(SayContext);
}

const atOnce = 3;

/** Where messages are shown: above everything, read out when they come, gone after a while or when they are closed. */
export function Messages({ children }: { readonly children: ComponentChildren }) {
  const [messages, setMessages] = useState<readonly Message[]>([]);
  const last = useRef(0);
  const close = useCallback((id: number) => setMessages((all) => all.filter((message) => message.id !== id)), []);
  const say = useCallback<Say>((text, kind = 'done') => {
    last.current += 1;
    const id = last.current;
    setMessages((all) => [...all.slice(1 - atOnce), { id, text, kind }]);
    // What went wrong stays until it was seen.
    if (kind === 'done') setTimeout(() => close(id), 8000);
  }, []);
  return (
    <SayContext.Provider value={say}>
      {children}
      <div class="messages" role="status">
        {messages.map(({ id, text, kind }) => (
          <div key={id} class={`message ${kind}`}>
            <p>
              <Theirs text={text} />
            </p>
            <Button kind="quiet" label="Close this message" onClick={() => close(id)}>
              ×
            </Button>
          </div>
        ))}
      </div>
    </SayContext.Provider>
  );
}
