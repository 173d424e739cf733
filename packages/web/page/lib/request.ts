/** What the server refused, or that it could not be asked: a stable code, what happened, and what to do. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  constructor(
    readonly code: string,
    message: string,
    readonly hint: string,
    /** The HTTP status; 0 where there was no answer. */
    readonly status: number,
  ) {
    super(message);
  }
}

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;
export type RequestOptions = { readonly query?: Query; readonly body?: unknown; readonly signal?: AbortSignal };
export type Request = <T>(method: string, path: string, options?: RequestOptions) => Promise<T>;

/**
 * Asks the API. Fails with an ApiError, or with the signal's reason where the caller ended it. `signedOut` is called when
 * the server does not know this person any more.
 */
export function createRequest(settings: {
  readonly csrfToken: string | null;
  readonly signedOut?: () => void;
  readonly fetch?: typeof fetch;
}): Request {
  const { csrfToken, signedOut } = settings;
  return async <T>(method: string, path: string, { query = {}, body, signal }: RequestOptions = {}) => {
    const headers: Record<string, string> = { accept: 'application/json' };
    if (body !== undefined) headers['content-type'] = 'application/json';
    if (method !== 'GET' && csrfToken !== null) headers['x-csrf-token'] = csrfToken;
    const response = await (settings.fetch ?? fetch)(`/api/v1${path}${queryText(query)}`, {
      method,
      headers,
      credentials: 'same-origin',
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    }).catch((error: unknown) => {
      throw signal?.aborted ? error : unreachable();
    });
    if (response.status === 401) signedOut?.();
    if (!response.ok) throw await refusalOf(response);
    return (response.status === 204 ? undefined : await response.json()) as T;
  };
}

function queryText(query: Query): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') params.set(name, String(value));
  }
  return params.size === 0 ? '' : `?${params}`;
}

async function refusalOf(response: Response): Promise<ApiError> {
  const answer: unknown = await response.json().catch(() => null);
  const error = isErrorAnswer(answer) ? answer.error : null;
  return new ApiError(
    error?.code ?? 'internal',
    error?.message ?? `The server answered with status ${response.status}.`,
    error?.hint ?? 'Try again. If it stays so, look into the log of the service.',
    response.status,
  );
}

function isErrorAnswer(answer: unknown): answer is { error: { code: string; message: string; hint: string } } {
  return typeof answer === 'object' && answer !== null && 'error' in answer && typeof answer.error === 'object';
}

function unreachable(): ApiError {
  return new ApiError(
    'unreachable',
    'The service does not answer.',
    'Look whether it is still running where it was started.',
    0,
  );
}

/** Anything thrown, as what can be shown; null where the caller ended the request itself. */
export function asApiError(error: unknown): ApiError | null {
  if (error instanceof ApiError) return error;
  if (error instanceof DOMException && error.name === 'AbortError') return null;
  return new ApiError('internal', error instanceof Error ? error.message : String(error), 'Load the page again.', 0);
}
