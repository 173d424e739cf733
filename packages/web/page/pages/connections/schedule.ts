/** A schedule as a person picks it; anything that does not fit the plain ones is kept as cron. Times are `HH:MM`. */
export type ScheduleChoice =
  | { readonly every: 'hour' }
  | { readonly every: 'day' | 'weekday'; readonly time: string; readonly timeZone: string }
  | { readonly every: 'cron'; readonly expression: string; readonly timeZone: string };

const plain = /^(\d{1,2}) (\d{1,2}) \* \* (\*|1-5)$/;

/** As it is stored: `hourly`, or five fields of cron and perhaps a time zone; UTC unless said. */
export function choiceOf(schedule: string): ScheduleChoice {
  if (schedule.trim() === 'hourly') return { every: 'hour' };
  const words = schedule.trim().split(/\s+/);
  const expression = words.slice(0, 5).join(' ');
  const timeZone = words[5] ?? 'UTC';
  const [, minute, hour, days] = plain.exec(expression) ?? [];
  if (minute === undefined || hour === undefined || Number(minute) > 59 || Number(hour) > 23) {
    return { every: 'cron', expression, timeZone };
  }
  const time = `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`;
  return { every: days === '*' ? 'day' : 'weekday', time, timeZone };
}

export function scheduleOf(choice: ScheduleChoice): string {
  if (choice.every === 'hour') return 'hourly';
  if (choice.every === 'cron') return `${choice.expression.trim()} ${choice.timeZone}`.trim();
  const [hour, minute] = choice.time.split(':').map(Number);
  return `${minute} ${hour} * * ${choice.every === 'day' ? '*' : '1-5'} ${choice.timeZone}`;
}

/** In words: `Monday to Friday at 07:30 (Australia/Sydney)`. */
export function scheduleWords(schedule: string): string {
  const choice = choiceOf(schedule);
  if (choice.every === 'hour') return 'Every hour';
  if (choice.every === 'cron') return `By the cron expression ${choice.expression} (${choice.timeZone})`;
  return `${choice.every === 'day' ? 'Every day' : 'Monday to Friday'} at ${choice.time} (${choice.timeZone})`;
}
