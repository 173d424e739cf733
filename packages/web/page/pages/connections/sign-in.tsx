import { Page } from '../../components/page.js';

export function SignIn() {
  return <Page title="SignIn">…</Page>;
}
