/** In every header, query and body that an error must not repeat. */
export const canary = 'CANARY-7f3a91';
