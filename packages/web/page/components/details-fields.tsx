export type DetailsDraft = { readonly name: string; readonly email: string; readonly phone: string };

type Props = { readonly draft: DetailsDraft; readonly onChange: (change: Partial<DetailsDraft>) => void };

/** Name, email and phone, to be typed. What may stand in them the server judges, and says so. */
export function DetailsFields({ draft, onChange }: Props) {
  return (
    <>
      <label class="field">
        <span>Name</span>
        <input
          value={draft.name}
          required
          autocomplete="off"
          dir="auto"
          onInput={(event) => onChange({ name: event.currentTarget.value })}
        />
      </label>
      <label class="field">
        <span>Email</span>
        <input
          value={draft.email}
          required
          type="text"
          inputMode="email"
          autocomplete="off"
          spellcheck={false}
          onInput={(event) => onChange({ email: event.currentTarget.value })}
        />
      </label>
      <label class="field">
        <span>Phone (may stay empty)</span>
        <input
          value={draft.phone}
          type="tel"
          autocomplete="off"
          onInput={(event) => onChange({ phone: event.currentTarget.value })}
        />
      </label>
    </>
  );
}

/** An empty phone is no phone. */
export function detailsOf({ name, email, phone }: DetailsDraft) {
  return { name, email, phone: phone.trim() === '' ? null : phone };
}
