// Runs in the page: an engine that tells how large the WebAssembly memory of its workers is. It never shrinks, so it is the peak.

import { createEngine } from '../www/lib/index.js';
import { workerSource } from 'standin-assets';

export { createEngine };

/** An engine, and a question: how many bytes is the memory of all your workers? */
export async function createMeasuredEngine(options) {
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
    channel.onmessage = ({ data }) => data === '?' && channel.postMessage(memory.buffer.byteLength);
  `;
  const source = new Blob([`{${ear}}`, workerSource], { type: 'text/javascript' });
  const channel = new BroadcastChannel('memory');
  let workers = 0;
  const memoryBytes = () =>
    new Promise((answer) => {
      const told = [];
      channel.onmessage = ({ data }) => told.push(data) === workers && answer(told.reduce((sum, bytes) => sum + bytes));
      channel.postMessage('?');
    });
  const worker = () => {
    workers++;
    return new Worker(URL.createObjectURL(source));
  };
  return { engine: await createEngine({ ...options, worker }), memoryBytes };
}
