import { createEngine } from './standin/index.js'; // the package's files, copied beside this page

const engine = createEngine();

addEventListener('message', async ({ origin, data: file, ports: [port] }) => {
  if (origin !== location.origin) return; // or the one origin whose pages may ask
  try {
    const model = await (await engine).fit(file, { seed: '7' }); // same file, options and seed: the same bytes
    const table = await model.sample({ numRows: 1000 }).toBlob();
    port.postMessage({ table, said: `Made 1000 rows from ${model.info.rows}.` });
  } catch (error) {
    port.postMessage({ said: error.message }); // it says where, and never quotes a cell
  }
});
