/** What is known of a vendor's OAuth 2: facts, each from the vendor's documents. */
export type OAuthVendor = {
  /** The connector's name, as in `contact-sync connect xpm`. */
  readonly name: string;
  /** Whose page the person sees, as in messages: `Xero`. */
  readonly title: string;
  /** What `iss` must be where the vendor sends one (RFC 9207); else only a name. */
  readonly issuer: string;
  /** The page on which the person agrees. */
  readonly authorizeUrl: string;
  /** Where codes and refresh tokens are exchanged. Nothing is sent to any other address. */
  readonly tokenUrl: string;
  /** Separated by blanks. */
  readonly scope: string;
  /** True where the vendor wants `scope` with every exchange, and not only at the beginning. */
  readonly scopeAlways?: boolean | undefined;
  /** Where the vendor reads the parameters of an exchange. `query` leaves the body empty; RFC 6749 has `body`. */
  readonly parameters?: 'body' | 'query' | undefined;
  /** For how long a refresh token may be used again after its first use, in milliseconds; 0 where it may not. */
  readonly graceMs: number;
  /** After how many milliseconds without use a grant ends; null where it does not, or where nobody says. */
  readonly unusedMs: number | null;
};
