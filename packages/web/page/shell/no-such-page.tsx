import { Empty } from '../components/notes.js';
import { Page } from '../components/page.js';

export function NoSuchPage({ home, to }: { readonly home: string; readonly to: string }) {
  return (
    <Page title="No such page">
      <Empty title="There is nothing at this address.">
        <p>
          <a href={home}>{to}</a>
        </p>
      </Empty>
    </Page>
  );
}
