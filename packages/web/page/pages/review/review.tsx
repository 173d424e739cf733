import { Page } from '../../components/page.js';

export function Review() {
  return <Page title="Review">…</Page>;
}
