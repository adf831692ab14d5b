/**
 * Excel workbooks for the tests: a zip of the few parts that a reader asks for.
 */

import { crc32, deflateRawSync } from 'node:zlib';

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006/relationships';

/** `sheets`: name to rows of cells, numbers and texts. The texts hold no markup. */
export function workbook(sheets) {
  const names = Object.keys(sheets);
  const relation = (id, kind, target) => `<Relationship Id="${id}" Type="${OFFICE}/${kind}" Target="${target}"/>`;
  const cell = (value) => (typeof value === 'number' ? `<c><v>${value}</v></c>` : `<c t="inlineStr"><is><t>${value}</t></is></c>`);
  const entries = names.map((name, i) => `<sheet name="${name}" sheetId="${i + 1}" r:id="s${i}"/>`);
  return zip({
    '[Content_Types].xml': '<Types/>',
    '_rels/.rels': `<Relationships xmlns="${PACKAGE}">${relation('r0', 'officeDocument', 'xl/workbook.xml')}</Relationships>`,
    'xl/workbook.xml': `<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets>${entries.join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships xmlns="${PACKAGE}">${names.map((_, i) => relation(`s${i}`, 'worksheet', `worksheets/sheet${i}.xml`)).join('')}</Relationships>`,
    ...Object.fromEntries(names.map((name, i) => [`xl/worksheets/sheet${i}.xml`, `<worksheet xmlns="${MAIN}"><sheetData>${sheets[name].map((row) => `<row>${row.map(cell).join('')}</row>`).join('')}</sheetData></worksheet>`])),
  });
}

/** APPNOTE.TXT 6.3: local headers with their data, the central directory, its end. */
function zip(parts) {
  const [local, central] = [[], []];
  let offset = 0;
  for (const [name, text] of Object.entries(parts)) {
    const content = Buffer.from(text.startsWith('<?xml') ? text : `<?xml version="1.0"?>${text}`);
    const packed = deflateRawSync(content);
    const common = [20, 0, 8, 0, 0x21]; // version, flags, deflate, time, 1980-01-01
    const sizes = [crc32(content), packed.length, content.length];
    const header = [u32(0x04034b50), u16(...common), u32(...sizes), u16(name.length, 0), Buffer.from(name), packed];
    central.push(u32(0x02014b50), u16(20, ...common), u32(...sizes), u16(name.length, 0, 0, 0, 0), u32(0, offset), Buffer.from(name));
    local.push(...header);
    offset += Buffer.concat(header).length;
  }
  const directory = Buffer.concat(central);
  const count = Object.keys(parts).length;
  return Buffer.concat([...local, directory, u32(0x06054b50), u16(0, 0, count, count), u32(directory.length, offset), u16(0)]);
}

const u16 = (...values) => Buffer.from(new Uint16Array(values).buffer);
const u32 = (...values) => Buffer.from(new Uint32Array(values).buffer);
