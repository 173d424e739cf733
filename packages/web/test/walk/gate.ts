/** Holds back an answer until it is opened: the beginning of the body comes, and its end does not. */
export function gate() {
  const opened = Promise.withResolvers<void>();
  return {
    open: opened.resolve,
    stream: (body: Uint8Array): ReadableStream<Uint8Array> => {
      let begun = false;
      return new ReadableStream({
        async pull(controller) {
          if (!begun) {
            begun = true;
            return controller.enqueue(body.slice(0, 1));
          }
          await opened.promise;
          controller.enqueue(body.slice(1));
          controller.close();
        },
      });
    },
  };
}
