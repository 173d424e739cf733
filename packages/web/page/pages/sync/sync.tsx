import { Page } from '../../components/page.js';

export function Sync() {
  return <Page title="Sync">…</Page>;
}
