/**
 * How figures and the core's terms read on the page.
 */

const integers = new Intl.NumberFormat('en');

export const count = (number) => integers.format(number);

/** "1 row", "600 rows" */
export const plural = (number, noun) => `${count(number)} ${noun}${number === 1 ? '' : 's'}`;

/** A share of 0 to 1 as "12 %"; small but real shares never read as nothing, nor nearly-all as all. */
export function percent(share, digits = 0) {
  const step = 10 ** -digits;
  const value = share * 100;
  if (share > 0 && value < step) return `< ${step}\u00a0%`;
  if (share < 1 && value > 100 - step) return `> ${(100 - step).toFixed(digits)}\u00a0%`;
  return `${value.toFixed(share === 0 || share === 1 ? 0 : digits)}\u00a0%`;
}

/** "a", "a and b", "a, b and c" */
export const listed = (words) => (words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`);

export const capital = (text) => text[0].toUpperCase() + text.slice(1);

/** The core writes messages as a command prints them; on a page they begin with a capital and end with a stop. */
export const sentence = (message) => capital(message).replace(/[^.!?]$/, '$&.');

export function duration(ms) {
  const seconds = Math.ceil(ms / 1000);
  if (seconds <= 1) return 'about a second';
  if (seconds < 60) return `about ${seconds} seconds`;
  const minutes = Math.round(seconds / 60);
  return minutes === 1 ? 'about a minute' : `about ${minutes} minutes`;
}

export function fileSize(bytes) {
  if (bytes < 1000) return `${bytes} bytes`;
  const [unit, size] = bytes < 1e6 ? ['kB', bytes / 1e3] : bytes < 1e9 ? ['MB', bytes / 1e6] : ['GB', bytes / 1e9];
  return `${size.toFixed(size < 10 ? 1 : 0)} ${unit}`;
}

export const KINDS = {
  numerical: 'Number',
  categorical: 'Category',
  ordinal: 'Ordered category',
  boolean: 'Yes / no',
  datetime: 'Date or time',
  id: 'Identifier',
  text: 'Free text',
  name: 'Full name',
  first_name: 'First name',
  last_name: 'Last name',
  email: 'E-mail address',
  phone_number: 'Telephone number',
  address: 'Street address',
  city: 'Town',
  postcode: 'Postcode',
  iban: 'IBAN',
  credit_card_number: 'Payment card',
  ssn: 'National number',
  ipv4_address: 'IPv4 address',
  ipv6_address: 'IPv6 address',
  mac_address: 'MAC address',
  url: 'Web address',
  user_name: 'User name',
  license_plate: 'Licence plate',
};

/** The kinds whose values a model learns; those of the others are made up. */
export const LEARNED = new Set(['numerical', 'categorical', 'ordinal', 'boolean', 'datetime']);

/** What the cells of a column are that is this but for a few. */
export const NEARLY = { numerical: 'numbers', datetime: 'dates or times' };

/** "lines 5, 80 and others" */
export const linesOf = ({ rows, lines }) => `${rows === 1 ? 'line' : 'lines'} ${lines.join(', ')}${lines.length < rows ? ' and others' : ''}`;

export const ROLES = {
  feature: 'Learned',
  key: 'Made anew',
  personal: 'Made\u00a0up',
  constant: 'Always the same',
  empty: 'Empty',
};

export const DELIMITERS = { ',': 'commas', ';': 'semicolons', '\t': 'tabs', '|': 'bars', ':': 'colons', ' ': 'spaces', '  ': 'two spaces or more', ', ': 'commas and spaces', '~': 'tildes', '^': 'carets' };

export const LAYOUTS = { 'json-lines': 'JSON, an object a line', json: 'JSON, a list of objects', parquet: 'Parquet' };

export const VERDICTS = { good: 'Good', look: 'Worth a look', bad: 'Problem' };

/** The four sides of a report, in the order shown. `good`: what is said of one without a flaw, where an adjective will do. */
export const SIDES = {
  truth: { name: 'Truth', title: 'How true it is', good: 'true', unasked: 'Nothing was asked about it.' },
  utility: { name: 'Utility', title: 'How useful it is', good: 'useful', unasked: 'Nobody was asked to learn from it yet.' },
  safety: { name: 'Safety', title: 'How safe the people are', unasked: 'No attack was tried.' },
  fairness: { name: 'Fairness', title: 'How fair it is to groups', good: 'fair', unasked: 'No groups were compared.' },
};

/** Where no groups were compared nothing is said of them: what is left of that side is how varied the table is. */
export const sidesOf = ({ groups }) => (groups.length > 0 ? SIDES : { ...SIDES, fairness: { ...SIDES.fairness, title: 'How varied it is', good: 'varied' } });

export const PHASES = {
  read: 'Reading the file',
  fit: 'Learning the table',
  sample: 'Writing synthetic rows',
  report: 'Comparing with your rows',
  generations: 'Learning from learned rows, five times',
};
