import { createReadStream } from 'node:fs';
import { connector } from '@contact-sync/connector-xpm';
import { type ContactSource, readSettings } from '@contact-sync/core';
import { Dispatcher } from 'undici';

/** The connector for Practice Manager, with a file in place of the network, in chunks as a socket gives them. */
export function xmlSource(file: string, source: string): ContactSource {
  const settings = { tenantId: '8c0e7b0a-3f51-4a6c-9a43-6a3a0a6d1c11', accessToken: 'none', clients: 'none' };
  const { read } = connector.create(readSettings(connector, { ...settings, transport: new FileDispatcher(file) }));
  return { source, read };
}

const chunkSize = 64 * 1024;

/** Answers every request with the file. */
class FileDispatcher extends Dispatcher {
  readonly file: string;
  constructor(file: string) {
    super();
    this.file = file;
  }
  override dispatch(_: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    const stream = createReadStream(this.file, { highWaterMark: chunkSize });
    const controller: Dispatcher.DispatchController = {
      aborted: false,
      paused: false,
      reason: null,
      abort: (reason) => stream.destroy(reason),
      pause: () => stream.pause(),
      resume: () => stream.resume(),
    };
    handler.onRequestStart?.(controller, null);
    handler.onResponseStart?.(controller, 200, { 'content-type': 'text/xml; charset=utf-8' }, 'OK');
    stream.on('data', (chunk) => handler.onResponseData?.(controller, chunk as Buffer));
    stream.on('end', () => handler.onResponseEnd?.(controller, {}));
    stream.on('error', (error) => handler.onResponseError?.(controller, error));
    return true;
  }
}
