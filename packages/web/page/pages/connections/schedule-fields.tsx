import { useState } from 'preact/hooks';
import { choiceOf, type ScheduleChoice, scheduleOf } from './schedule.js';

type Props = {
  /** As it is stored. */
  readonly schedule: string;
  readonly onChange: (schedule: string) => void;
};

const rhythms: readonly (readonly [ScheduleChoice['every'], string])[] = [
  ['hour', 'Every hour'],
  ['day', 'Every day'],
  ['weekday', 'Monday to Friday'],
  ['cron', 'By a cron expression'],
];

const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
const zones = [...new Set(['UTC', here, ...Intl.supportedValuesOf('timeZone')])];

let lastId = 0;

/** When a connection is synced: in plain words, or as cron and a time zone. */
export function ScheduleFields({ schedule, onChange }: Props) {
  const [id] = useState(() => `zones-${++lastId}`);
  const choice = choiceOf(schedule);
  // What a person types meanwhile may fit a plain choice: what they picked stays picked.
  const [picked, setPicked] = useState<ScheduleChoice>(choice);
  const change = (next: ScheduleChoice) => {
    setPicked(next);
    onChange(scheduleOf(next));
  };
  const timeZone = 'timeZone' in picked ? picked.timeZone : here;
  const time = 'time' in picked ? picked.time : '07:30';

  const pick = (every: ScheduleChoice['every']) => {
    if (every === 'hour') change({ every });
    else if (every === 'cron') change({ every, expression: cronOf(picked), timeZone });
    else change({ every, time, timeZone });
  };

  return (
    <>
      <fieldset class="choices">
        <legend>When it is synced</legend>
        {rhythms.map(([every, words]) => (
          <label key={every}>
            <input type="radio" name={id} checked={picked.every === every} onChange={() => pick(every)} />
            <span>{words}</span>
          </label>
        ))}
      </fieldset>
      {picked.every === 'hour' ? (
        <p class="soft">At a minute of its own, always the same, so that not everybody syncs at once.</p>
      ) : null}
      {picked.every === 'day' || picked.every === 'weekday' ? (
        <label class="field">
          <span class="field-name">At</span>
          <input
            type="time"
            value={picked.time}
            required
            onInput={(event) => change({ ...picked, time: event.currentTarget.value })}
          />
        </label>
      ) : null}
      {picked.every === 'cron' ? (
        <label class="field">
          <span class="field-name">Cron expression</span>
          <input
            value={picked.expression}
            required
            autocomplete="off"
            spellcheck={false}
            onInput={(event) => change({ ...picked, expression: event.currentTarget.value })}
          />
          <span>Five fields: minute, hour, day of the month, month, day of the week.</span>
        </label>
      ) : null}
      {picked.every === 'hour' ? null : (
        <label class="field">
          <span class="field-name">Time zone</span>
          <input
            list={`list-of-${id}`}
            value={picked.timeZone}
            required
            autocomplete="off"
            spellcheck={false}
            onInput={(event) => change({ ...picked, timeZone: event.currentTarget.value })}
          />
          <datalist id={`list-of-${id}`}>
            {zones.map((zone) => (
              <option key={zone} value={zone} />
            ))}
          </datalist>
        </label>
      )}
    </>
  );
}

/** The same as it was, as cron; once an hour has a minute of its own, and so any. */
function cronOf(choice: ScheduleChoice): string {
  return choice.every === 'hour' ? '0 * * * *' : scheduleOf(choice).split(' ').slice(0, 5).join(' ');
}
