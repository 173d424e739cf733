import { Page } from '../../components/page.js';

export function History() {
  return <Page title="History">…</Page>;
}
