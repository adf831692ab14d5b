// Runs in the page: an engine that tells how large its WebAssembly memory is. It never shrinks, so it is the peak.

import { createEngine } from '../www/lib/index.js';
import { workerSource } from 'standin-assets';

export { createEngine };

/** An engine, and a question: how many bytes is your memory? */
export async function createMeasuredEngine() {
  // The worker as it is, with an ear for the question.
  const ear = `
    let memory;
    for (const name of ['instantiate', 'instantiateStreaming']) {
      const original = WebAssembly[name];
      WebAssembly[name] = async (...args) => {
        const result = await original.apply(WebAssembly, args);
        memory = (result.instance ?? result).exports.memory;
        return result;
      };
    }
    const channel = new BroadcastChannel('memory');
    channel.onmessage = () => channel.postMessage(memory.buffer.byteLength);
  `;
  const source = new Blob([`{${ear}}`, workerSource], { type: 'text/javascript' });
  const channel = new BroadcastChannel('memory');
  const memoryBytes = () =>
    new Promise((answer) => {
      channel.onmessage = ({ data }) => answer(data);
      channel.postMessage('?');
    });
  return { engine: await createEngine({ worker: () => new Worker(URL.createObjectURL(source)) }), memoryBytes };
}
