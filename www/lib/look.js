/** How the custom element looks and what it says. Colours follow `color-scheme`; words can be replaced. */

const integers = new Intl.NumberFormat('en');

export const STRINGS = {
  label: 'Synthetic table',
  title: 'Drop a table here',
  choose: 'Choose a file',
  hint: 'CSV, Excel, Parquet or JSON. It stays on this device.',
  working: 'Progress',
  phases: { read: 'Reading the file', fit: 'Learning the table', sample: 'Writing synthetic rows' },
  step: (number, of, share, etaMs) => `Step ${number} of ${of}: ${Math.floor(share * 100)} %${etaMs === null || share === 1 ? '' : ` · about ${Math.max(1, Math.ceil(etaMs / 1000))} s left`}`,
  cancel: 'Cancel',
  ready: (rows) => `${integers.format(rows)} synthetic ${rows === 1 ? 'row is' : 'rows are'} ready`,
  download: (format) => `Download synthetic ${format}`,
  about: (name, bytes, info) => `${name}, ${bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`}. Learned from ${integers.format(info.rows)} rows. Seed ${info.seed}.`,
  another: 'Another table',
  leaveOut: 'Leave the bad rows out',
  problem: ({ message }) => `${message.charAt(0).toUpperCase()}${message.slice(1)}`.replace(/[^.!?]$/, '$&.'),
};

export const CSS = `
:host {
  --accent: var(--standin-accent, light-dark(#0f6b5c, #6fcbb6));
  --on-accent: var(--standin-on-accent, light-dark(#ffffff, #06231d));
  --ink: var(--standin-ink, light-dark(#1b2320, #e8ece9));
  --soft: var(--standin-soft, light-dark(#56615c, #a1aca6));
  --card: var(--standin-card, light-dark(#fffefb, #181e1b));
  --line: var(--standin-line, light-dark(#c9cdc6, #47514c));
  --bad: var(--standin-bad, light-dark(#a62b2b, #f19288));
  display: block;
  font: 1rem/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif;
  color: var(--ink);
}
:host([hidden]), [hidden] { display: none; }
[part='panel'] {
  box-sizing: border-box;
  display: flex;
  flex-direction: column;
  align-items: center;
  justify-content: center;
  gap: 0.85rem;
  min-height: 13.5rem;
  padding: 1.5rem;
  text-align: center;
  background: var(--card);
  border: 1.5px dashed var(--line);
  border-radius: 14px;
}
[part='panel'][data-state='idle'] { cursor: pointer; }
[part='panel']:not([data-state='idle']) { border-style: solid; }
[part='panel'].over { border-color: var(--accent); background: color-mix(in srgb, var(--accent) 8%, var(--card)); }
p { margin: 0; max-width: 34rem; overflow-wrap: anywhere; text-wrap: balance; }
[part='title'] { font-size: 1.2rem; font-weight: 640; letter-spacing: -0.01em; }
[part='hint'], [part='detail'] { color: var(--soft); font-size: 0.9rem; font-variant-numeric: tabular-nums; }
[part='problem'] { color: var(--bad); text-wrap: pretty; }
[part='buttons'] { display: flex; flex-wrap: wrap; justify-content: center; gap: 0.6rem; max-width: 100%; }
[part~='button'] {
  box-sizing: border-box;
  max-width: 100%;
  min-height: 2.75rem;
  padding: 0.55rem 1.2rem;
  font: inherit;
  font-weight: 600;
  color: var(--ink);
  text-decoration: none;
  overflow-wrap: anywhere;
  background: none;
  border: 1px solid var(--soft);
  border-radius: 10px;
  cursor: pointer;
}
[part~='button']:hover { border-color: var(--accent); }
[part~='choose'], [part~='download'] { color: var(--on-accent); background: var(--accent); border-color: var(--accent); }
[part~='choose']:hover, [part~='download']:hover { background: color-mix(in srgb, var(--accent) 88%, var(--ink)); }
[part~='button']:focus-visible { outline: 3px solid var(--accent); outline-offset: 3px; }
[part='progress'] { width: min(100%, 24rem); height: 0.6rem; accent-color: var(--accent); }
.spoken { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
`;
