'use client';

import { useEffect, useState } from 'react';

export default function Page() {
  const [said, say] = useState('');
  const [link, setLink] = useState(null);
  const [alive, setAlive] = useState(false);
  useEffect(() => setAlive(true), []); // a file chosen before the page listens would be lost

  async function choose({ target: { files: [file] } }) {
    URL.revokeObjectURL(link?.href);
    setLink(null);
    say('Learning …');
    try {
      const { createEngine } = await import('standin'); // loaded when it is needed, and never on the server
      await using engine = await createEngine();
      const model = await engine.fit(file, { seed: '7' }); // same file, options and seed: the same bytes
      const table = await model.sample({ numRows: 1000 }).toBlob();
      setLink({ href: URL.createObjectURL(table), download: `synthetic-${file.name}` });
      say(`Made 1000 rows from ${model.info.rows}.`);
    } catch (error) {
      say(error.message); // it says where, and never quotes a cell
    }
  }

  return (
    <main>
      <h1>A table in, a synthetic one out</h1>
      <p><label>A table of yours: <input type="file" accept=".csv,.json,.parquet" disabled={!alive} onChange={choose} /></label> It never leaves this tab.</p>
      <p role="status">{said}</p>
      {link && <p><a {...link}>Download the synthetic table</a></p>}
    </main>
  );
}
