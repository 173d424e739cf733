export { Theirs } from '@contact-sync/runner/components';
