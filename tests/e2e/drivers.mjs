/**
 * Firefox and WebKit, by WebDriver. A page of theirs has as much of Playwright's Page as the harness asks for, so that what a
 * person does is written once. They are not on every machine: `missing(name)` is what a test is skipped for.
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { require } from './harness.mjs';

const STARTING_MS = 30_000;
const POLL_MS = 50;
const { STANDIN_FIREFOX, STANDIN_GECKODRIVER, STANDIN_WEBKIT, STANDIN_WEBKIT_DRIVER, STANDIN_SCREEN } = process.env;

/** How each is started: { driver, environment(home), capabilities(home, settings) }, `home` being a fresh folder. */
const BROWSERS = {
  Firefox: STANDIN_FIREFOX && {
    driver: (port) => [STANDIN_GECKODRIVER, ['--port', port]],
    environment: () => ({ MOZ_HEADLESS: '1' }),
    capabilities: (home, settings) => ({
      browserName: 'firefox',
      'moz:firefoxOptions': {
        binary: STANDIN_FIREFOX,
        prefs: {
          'browser.download.folderList': 2,
          'browser.download.dir': join(home, 'Downloads'),
          'security.warn_submit_secure_to_insecure': false, // the leaking twin's form would wait for a person
          ...settings,
        },
      },
    }),
  },
  WebKit: STANDIN_WEBKIT && {
    driver: (port) => [STANDIN_WEBKIT_DRIVER, [`--port=${port}`]],
    screen: true,
    environment: (home, display) => ({ DISPLAY: display, HOME: home, XDG_CONFIG_HOME: home, GDK_BACKEND: 'x11' }),
    capabilities: () => ({ browserName: 'MiniBrowser', 'webkitgtk:browserOptions': { binary: STANDIN_WEBKIT, args: ['--automation'] } }),
  },
};

export const OTHERS = Object.keys(BROWSERS);

/** Why tests in it must be skipped, or false. Each is: a suite that is skipped would not be counted. */
export const missing = (name) => name in BROWSERS && !BROWSERS[name] && `no ${name}`;

/** `settings` are Firefox's own, by their names there. */
export async function openOther(name, settings = {}) {
  const { Builder } = require('selenium-webdriver');
  const how = BROWSERS[name];
  const home = await mkdtemp(join(tmpdir(), 'standin-home-'));
  const downloads = join(home, 'Downloads');
  await mkdir(downloads);
  await writeFile(join(home, 'user-dirs.dirs'), 'XDG_DOWNLOAD_DIR="$HOME/Downloads"\n');
  const screen = how.screen && (await openScreen());
  const port = await freePort();
  const [program, args] = how.driver(String(port));
  const driver = spawn(program, args, { stdio: 'ignore', env: { ...process.env, ...how.environment(home, screen?.display) } });
  const url = `http://127.0.0.1:${port}`;
  await until(() => fetch(`${url}/status`).then(({ ok }) => ok, () => false), STARTING_MS, `${name}'s driver does not answer`);
  const session = await new Builder().usingServer(url).withCapabilities(how.capabilities(home, settings)).build();
  return {
    session,
    async open(address) {
      await session.get('about:blank'); // an address that differs in its # alone would not be loaded anew
      await session.get(address);
      return new Page(session, downloads);
    },
    async close() {
      await session.quit().catch(() => {});
      driver.kill();
      screen?.close();
      await rm(home, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
    },
  };
}

class Page {
  #session;
  #downloads;

  constructor(session, downloads) {
    this.#session = session;
    this.#downloads = downloads;
  }

  /** Runs a function in the page; what it takes and gives travels as JSON. */
  async evaluate(run, argument) {
    const script = `const done = arguments[1];
      Promise.resolve(JSON.parse(arguments[0])).then(${run}).then((value) => done(JSON.stringify(value ?? null)), (error) => done(JSON.stringify({ problem: String(error) })));`;
    const value = JSON.parse(await this.#session.executeAsyncScript(script, JSON.stringify(argument ?? null)));
    if (value?.problem) throw new Error(value.problem);
    return value;
  }

  async setInputFiles(selector, path) {
    await (await this.#find(selector)).sendKeys(path);
  }

  async fill(selector, text) {
    const field = await this.#find(selector);
    await field.clear();
    await field.sendKeys(text);
  }

  async click(selector) {
    await (await this.#find(selector)).click();
  }

  textContent(selector) {
    return this.evaluate((selector) => document.querySelector(selector).textContent, selector);
  }

  /** Waits until one is there, and to be seen if that is asked for. */
  async waitForSelector(selector, { state, timeout = STARTING_MS } = {}) {
    const isThere = ([selector, seen]) => [...document.querySelectorAll(selector)].some((element) => !seen || element.checkVisibility());
    await until(() => this.evaluate(isThere, [selector, state === 'visible']), timeout, `no ${selector}`);
  }

  waitForTimeout(ms) {
    return new Promise((resolve) => setTimeout(resolve, ms));
  }

  getByRole(role, { name }) {
    const using = 'xpath';
    return { click: async () => (await this.#session.findElement({ using, value: `//${role}[contains(., "${name}")]` })).click() };
  }

  /** Of 'download' alone: the file that comes to lie in the emptied folder, whole. */
  async waitForEvent() {
    for (const earlier of await readdir(this.#downloads)) await rm(join(this.#downloads, earlier));
    let path;
    let size = -1;
    const isWhole = async () => {
      const [name, unfinished] = await readdir(this.#downloads);
      if (!name || unfinished || /\.(part|wkdownload)$/.test(name)) return false;
      path = join(this.#downloads, name);
      const last = size;
      size = (await stat(path)).size;
      return size > 0 && size === last;
    };
    await until(isWhole, STARTING_MS, 'nothing was downloaded');
    return { suggestedFilename: () => path.slice(this.#downloads.length + 1), path: async () => path };
  }

  async close() {
    await this.#session.get('about:blank');
  }

  #find(selector) {
    return this.#session.findElement({ using: 'css selector', value: selector });
  }
}

/** A screen of X's that nobody sees. */
async function openScreen() {
  const process = spawn(STANDIN_SCREEN, ['-displayfd', '3', '-screen', '0', '1280x1024x24', '-nolisten', 'tcp'], { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  const [number] = await once(process.stdio[3], 'data');
  return { display: `:${String(number).trim()}`, close: () => process.kill() };
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function until(isSo, ms, otherwise) {
  for (const end = Date.now() + ms; Date.now() < end; ) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw new Error(otherwise);
}
