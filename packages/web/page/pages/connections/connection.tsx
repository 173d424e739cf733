import { Page } from '../../components/page.js';

export function Connection() {
  return <Page title="Connection">…</Page>;
}
