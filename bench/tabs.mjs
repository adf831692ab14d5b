// What the tabs of the browsers that this program started take, as Linux tells it.

import fs from 'node:fs';

/** The process of each tab: bytes that are resident, now and at the most. */
export function tabs() {
  const all = fs.readdirSync('/proc').map(Number).filter((pid) => pid > 0);
  return all.filter((pid) => read(pid, 'cmdline').includes('--type=renderer') && isOurs(pid)).map((pid) => ({ now: status(pid, 'VmRSS'), peak: status(pid, 'VmHWM') }));
}

const isOurs = (pid) => pid > 1 && (pid === process.pid || isOurs(Number(read(pid, 'status').match(/^PPid:\s+(\d+)/m)?.[1] ?? 0)));
const status = (pid, what) => Number(read(pid, 'status').match(new RegExp(`^${what}:\\s+(\\d+) kB`, 'm'))?.[1] ?? 0) * 1024;

function read(pid, what) {
  try {
    return fs.readFileSync(`/proc/${pid}/${what}`, 'utf8');
  } catch {
    return ''; // it has ended
  }
}
