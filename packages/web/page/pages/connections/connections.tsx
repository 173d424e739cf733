import { Page } from '../../components/page.js';

export function Connections() {
  return <Page title="Connections">…</Page>;
}
