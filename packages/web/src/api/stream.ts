/** As the body of an answer: nothing is made before somebody reads it, and it ends when they stop. */
export function streamOf(
  chunks: AsyncGenerator<Uint8Array, void, void> | Generator<Uint8Array, void, void>,
): ReadableStream<Uint8Array> {
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await chunks.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      async cancel() {
        await chunks.return();
      },
    },
    { highWaterMark: 0 },
  );
}
