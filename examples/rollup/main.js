import { createEngine } from 'standin'; // the core's WebAssembly is inside; what reads Excel and Parquet becomes a chunk of its own

const engine = createEngine();
const [input, status, link] = ['input', '[role=status]', 'a'].map((part) => document.querySelector(part));

input.onchange = async () => {
  const [file] = input.files;
  link.hidden = true;
  status.textContent = 'Learning …';
  try {
    const model = await (await engine).fit(file, { seed: '7' }); // same file, options and seed: the same bytes
    const table = await model.sample({ numRows: 1000 }).toBlob();
    URL.revokeObjectURL(link.href);
    Object.assign(link, { href: URL.createObjectURL(table), download: `synthetic-${file.name}`, hidden: false });
    status.textContent = `Made 1000 rows from ${model.info.rows}.`;
  } catch (error) {
    status.textContent = error.message; // it says where, and never quotes a cell
  }
};
