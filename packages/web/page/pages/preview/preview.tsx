import { Page } from '../../components/page.js';

export function Preview() {
  return <Page title="Preview">…</Page>;
}
