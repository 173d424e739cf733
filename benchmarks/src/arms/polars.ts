import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pl from 'nodejs-polars';
import type { Arm, Done, Task } from '../arm.ts';
import { plainColumns, plainDigest, tabbed } from '../books/plain.ts';
import { source } from '../data/mix.ts';
import { stagedColumns, stagedRows } from '../data/staged.ts';

export const polarsJoin: Arm = {
  name: 'polars-join',
  title: 'Joins in polars, the book a Parquet file',
  includes:
    'Read the Parquet file, read, decode and make canonical with contact-sync’s functions, stage through a file, decide with joins, and write the whole book as a new Parquet file. No index, no transaction, no validation, no history.',
  book: 'parquet',
  inputs: ['lines'],
  start: async (task) => async () => joinInPolars(task),
  digest: async ({ book }) => plainDigest(pl.readParquet(book).toRecords()),
};

async function joinInPolars(task: Task): Promise<Done> {
  const contacts = pl.readParquet(task.book);
  const staged = await stage(task);
  const before = performance.now();
  const decided = decide(staged, contacts);
  const time = performance.now() - before;
  const counts: Record<string, number> = {};
  for (const { reason, n } of decided.groupBy('reason').agg(pl.col('seq').count().alias('n')).toRecords()) {
    counts[String(reason)] = Number(n);
  }
  bookAfter(contacts, decided).writeParquet(task.book);
  return { counts, parts: { decide: time } };
}

async function stage({ input, folder }: Task): Promise<pl.DataFrame> {
  const file = join(folder, 'staged.csv');
  await pipeline(Readable.from(lines(input)), createWriteStream(file));
  const schema = Object.fromEntries(stagedColumns.map((name) => [name, name === 'seq' ? pl.Int32 : pl.String]));
  const options = { sep: '\t', nullValues: '\\N', hasHeader: true, quoteChar: '', schema };
  return pl.readCSV(file, options);
}

async function* lines(input: string): AsyncGenerator<string> {
  yield tabbed(stagedColumns);
  for await (const rows of stagedRows(input)) yield rows.map(tabbed).join('');
}

const { col, lit, when } = pl;
const manual = () => col('record_type').eq(lit('manual'));

function decide(staged: pl.DataFrame, contacts: pl.DataFrame): pl.DataFrame {
  const phone = () => col('phone').fillNull(lit('')).alias('match_phone');
  const linked = contacts
    .filter(
      col('source')
        .eq(lit(source))
        .and(col('record_type').neq(lit('external'))),
    )
    .select(
      'external_id',
      ...['id', 'name', 'email', 'phone', 'record_type', 'forced_manual'].map((name) =>
        col(name).alias(`linked_${name}`),
      ),
    );
  const free = contacts
    .filter(manual().and(col('source').isNull()))
    .select('key', phone(), col('id').alias('free_id'))
    .groupBy('key', 'match_phone')
    .agg(col('free_id').min());
  const external = contacts
    .filter(col('record_type').eq(lit('external')))
    .select('key', phone(), lit(true).alias('external'))
    .unique({ subset: ['key', 'match_phone'] });
  const namesake = contacts
    .filter(manual())
    .select('key', lit(true).alias('namesake'))
    .unique({ subset: ['key'] });
  const joined = staged
    .withColumn(phone())
    .join(linked, { on: 'external_id', how: 'left' })
    .join(free, { on: ['key', 'match_phone'], how: 'left' })
    .join(external, { on: ['key', 'match_phone'], how: 'left' })
    .join(namesake, { on: 'key', how: 'left' });

  const wasManual = () => col('linked_record_type').eq(lit('manual'));
  const either = (condition: pl.Expr, yes: string, no: string) => when(condition).then(lit(yes)).otherwise(lit(no));
  const same = col('linked_name')
    .eq(col('name'))
    .and(col('linked_email').eq(col('email')))
    .and(col('linked_phone').fillNull(lit('')).eq(col('match_phone')));
  const reason = when(col('linked_id').isNotNull())
    .then(
      when(col('linked_forced_manual'))
        .then(either(wasManual(), 'relinked_forced_manual', 'kept_forced_manual'))
        .when(same)
        .then(either(wasManual(), 'relinked', 'unchanged'))
        .otherwise(either(wasManual(), 'relinked_updated', 'updated')),
    )
    .when(col('free_id').isNotNull())
    .then(lit('matched_profile'))
    .when(col('external').isNotNull())
    .then(lit('created_external_ignored'))
    .when(col('namesake').isNotNull())
    .then(lit('created_partial_match'))
    .otherwise(lit('created'));
  return joined
    .withColumns(reason.alias('reason'), col('linked_id').fillNull(col('free_id')).alias('contact'))
    .select('seq', 'external_id', 'name', 'email', 'phone', 'key', 'reason', 'contact');
}

/** The contacts that stay as they are, those that change, and the new ones. */
function bookAfter(contacts: pl.DataFrame, decided: pl.DataFrame): pl.DataFrame {
  const changes = decided.filter(col('reason').isIn(['unchanged', 'kept_forced_manual']).not());
  const updates = changes
    .filter(col('contact').isNotNull())
    .select(
      col('contact').alias('id'),
      ...['external_id', 'name', 'email', 'phone', 'key', 'reason'].map((name) => col(name).alias(`new_${name}`)),
    );
  const kept = col('new_reason').isIn(['relinked_forced_manual', 'relinked']);
  const detail = (name: string) =>
    when(kept)
      .then(col(name))
      .otherwise(col(`new_${name}`))
      .alias(name);
  const changed = contacts
    .join(updates, { on: 'id', how: 'inner' })
    .select(
      'id',
      detail('name'),
      detail('email'),
      detail('phone'),
      lit('contact-sync').alias('record_type'),
      'forced_manual',
      lit(source).alias('source'),
      col('new_external_id').alias('external_id'),
      detail('key'),
    );
  const untouched = contacts.join(updates, { on: 'id', how: 'anti' });
  const lastId = contacts.select(col('id').max()).row(0)[0] ?? 0;
  const made = changes
    .filter(col('contact').isNull())
    .sort('seq')
    .withRowIndex('number')
    .select(
      col('number')
        .cast(pl.Int32)
        .plus(lit(lastId + 1))
        .cast(pl.Int32)
        .alias('id'),
      'name',
      'email',
      'phone',
      lit('contact-sync').alias('record_type'),
      lit(false).alias('forced_manual'),
      lit(source).alias('source'),
      'external_id',
      'key',
    );
  return pl.concat([untouched, changed, made].map((frame) => frame.select(...plainColumns)));
}
