import type { PreviewBody } from '../../lib/types.js';

/** What a preview is called, what it tells, and what approving it is called and does: by what is looked at. */
export type PreviewWords = {
  readonly title: string;
  readonly reading: string;
  readonly lead: string;
  /** What it does beside what it does to contacts. */
  readonly besides: string | null;
  readonly nothing: string;
  readonly confirm: string;
  readonly danger: boolean;
};

export function previewWords(about: PreviewBody): PreviewWords {
  switch (about.kind) {
    case 'sync':
      return {
        title: 'What a sync would do',
        reading: 'Everything that the source has is read. Nothing is written.',
        lead: 'This is what a sync would do now. Nothing is written until it is approved.',
        besides: null,
        nothing: 'The contact book is as the source says. There is nothing to do.',
        confirm: 'Approve this plan',
        danger: false,
      };
    case 'disconnect':
      return {
        title: 'What disconnecting would do',
        reading: 'The contacts of the source are looked up. Nothing is written.',
        lead: 'No contact is lost: those of the source become manual, and keep their links for the day it comes back.',
        besides:
          'What is stored to read the source is removed, with its secrets. To end the access at the system too, remove the app there.',
        nothing: 'It has no synced contacts. Only the connection ends.',
        confirm: 'Disconnect',
        danger: true,
      };
    case 'undo':
      return {
        title: `What undoing run ${about.run} would do`,
        reading: 'What the run changed is looked up. Nothing is written.',
        lead: 'What the run changed is restored. What a person or a later run changed since is left as it is, and listed. Where it was a sync its connection is paused, or else the next one would do the same again.',
        besides: null,
        nothing: 'Everything that the run changed was changed since. There is nothing to restore.',
        confirm: `Undo run ${about.run}`,
        danger: false,
      };
    case 'approve':
      return {
        title: `The plan of run ${about.run}`,
        reading: 'The plan that was stopped is looked up. Nothing is written.',
        lead: 'A guard stopped this plan, and nothing was written. Look at the source first: is everything there that should be?',
        besides: null,
        nothing: 'The plan changes nothing.',
        confirm: 'Approve this plan',
        danger: false,
      };
  }
}

/** Where a person came from, and goes back to. */
export function wayBack(about: PreviewBody): string {
  switch (about.kind) {
    case 'sync':
      return '/sync';
    case 'disconnect':
      return `/connections/${encodeURIComponent(about.source)}`;
    case 'undo':
    case 'approve':
      return `/history/${encodeURIComponent(about.run)}`;
  }
}
