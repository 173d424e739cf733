/** An entry of `/connections`, as far as it differs from one to the next. */
export type FakeConnection = {
  readonly tenantId: string;
  readonly tenantType: 'PRACTICEMANAGER' | 'ORGANISATION' | 'PRACTICE';
  readonly tenantName: string | null;
};

/** What somebody has beside the practice: an organisation in accounting, and the practice once more in Xero HQ. */
export const otherConnections: readonly FakeConnection[] = [
  { tenantId: '1a1a1a1a-0000-4000-8000-000000000001', tenantType: 'ORGANISATION', tenantName: 'Demo Company (AU)' },
  { tenantId: '1a1a1a1a-0000-4000-8000-000000000002', tenantType: 'PRACTICE', tenantName: 'Example & Partners' },
];

/** As Xero lists them: times in UTC without saying so. */
export function connectionsBody(connections: readonly FakeConnection[]) {
  const time = '2026-01-30T01:33:36.2717380';
  return connections.map(({ tenantId, tenantType, tenantName }, index) => ({
    id: `e1eede29-f875-4a5d-8470-17f6a29a88b${index}`,
    authEventId: 'd99ecdfe-391d-43d2-b834-17636ba90e8d',
    tenantId,
    tenantType,
    tenantName,
    createdDateUtc: time,
    updatedDateUtc: time,
  }));
}
