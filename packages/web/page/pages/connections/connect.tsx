import { Page } from '../../components/page.js';

export function Connect() {
  return <Page title="Connect">…</Page>;
}
