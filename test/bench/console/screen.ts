import { existsSync } from 'node:fs';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';

/** What Chromium did for a page, in milliseconds. */
export interface Trace {
  scripting: number;
  styleAndLayout: number;
  painting: number;
  /** The longest task of the page's thread. */
  longestTask: number;
}

export interface Screened {
  path: string;
  /** The largest contentful paint, from the start of the navigation. */
  paintedMs: number;
  /** The sum of all layout shifts. */
  shift: number;
  trace: Trace;
}

interface TraceEvent {
  name: string;
  ph: string;
  dur?: number;
}

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

export const hasChromium = (): boolean => existsSync(executablePath);

/** Opens pages in Chromium, with the session of a visitor. */
export class Screen {
  private constructor(
    private readonly browser: Browser,
    private readonly context: BrowserContext,
  ) {}

  static async open(port: number, token: string): Promise<Screen> {
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
    const url = `http://127.0.0.1:${port}`;
    const context = await browser.newContext({ baseURL: url, viewport: { width: 1280, height: 900 }, locale: 'en-GB' });
    await context.addCookies([{ name: 'trm', value: token, url }]);
    return new Screen(browser, context);
  }

  close(): Promise<void> {
    return this.browser.close();
  }

  /** Opens a page with an empty cache, and looks at its paints, shifts and work. */
  async look(path: string): Promise<Screened> {
    const page = await this.context.newPage();
    try {
      const tracing = await this.context.newCDPSession(page);
      const events: TraceEvent[] = [];
      tracing.on('Tracing.dataCollected', ({ value }) => events.push(...(value as unknown as TraceEvent[])));
      const isComplete = new Promise<void>((resolve) => tracing.once('Tracing.tracingComplete', () => resolve()));
      await tracing.send('Tracing.start', {
        transferMode: 'ReportEvents',
        traceConfig: { includedCategories: ['devtools.timeline', 'toplevel'] },
      });
      await page.goto(path, { waitUntil: 'networkidle' });
      const shift = await page.evaluate<number>(shiftOfPage);
      const paintedMs = await page.evaluate<number>(largestPaint);
      await tracing.send('Tracing.end');
      await isComplete;
      return { path, paintedMs, shift, trace: traceOf(events) };
    } finally {
      await page.close();
    }
  }

  /**
   * The times from a typed character of the quick entry to the paint of its reading. The round trip of the same request, measured in the
   * same page, is `roundTripMs`.
   */
  async previews(
    path: string,
    lines: readonly string[],
  ): Promise<{ paintedMs: number; roundTripMs: number; shift: number }[]> {
    const page = await this.context.newPage();
    try {
      await page.goto(path, { waitUntil: 'networkidle' });
      await page.keyboard.press('n');
      await page.locator('#quick-line').waitFor();
      await page.evaluate(watchReading);
      const previews: { paintedMs: number; roundTripMs: number; shift: number }[] = [];
      for (const line of lines) previews.push(await this.#preview(page, line));
      return previews;
    } finally {
      await page.close();
    }
  }

  async #preview(page: Page, line: string): Promise<{ paintedMs: number; roundTripMs: number; shift: number }> {
    const field = page.locator('#quick-line');
    await field.fill(line.slice(0, -1));
    await page.waitForTimeout(600);
    await page.evaluate('window.benchPaint = undefined');
    await field.press('End');
    await page.keyboard.type(line.slice(-1));
    // The content security policy of the page forbids Chromium to wait for an expression.
    let paintedMs: number | undefined;
    while (paintedMs === undefined) {
      await page.waitForTimeout(50);
      paintedMs = await page.evaluate<number | undefined>('window.benchPaint');
    }
    const roundTripMs = await page.evaluate<number>(roundTripOfReading);
    return { paintedMs, roundTripMs, shift: await page.evaluate<number>(shiftOfPage) };
  }
}

/** Runs in the page: the sum of the layout shifts that no input has caused. */
const shiftOfPage = `new Promise((resolve) => {
  let sum = 0;
  new PerformanceObserver((list) => { for (const one of list.getEntries()) if (!one.hadRecentInput) sum += one.value; })
    .observe({ type: 'layout-shift', buffered: true });
  setTimeout(() => resolve(sum), 200);
})`;

const largestPaint = `new Promise((resolve) => {
  let at = 0;
  new PerformanceObserver((list) => { for (const one of list.getEntries()) at = one.startTime; })
    .observe({ type: 'largest-contentful-paint', buffered: true });
  setTimeout(() => resolve(at), 100);
})`;

/** Runs in the page: notes the time from the last typed character to the frame after the reading has changed. */
const watchReading = `(() => {
  let typedAt = 0;
  const area = document.querySelector('[data-quick-entry="area"]');
  area.addEventListener('input', ({ timeStamp }) => { typedAt = timeStamp; }, true);
  new MutationObserver(() => requestAnimationFrame(() => setTimeout(() => {
    if (typedAt > 0) window.benchPaint ??= performance.now() - typedAt;
    typedAt = 0;
  }))).observe(area, { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ['value', 'data-read-line'] });
})()`;

/** Runs in the page: how long the answer to the present question took, by the browser's own record. */
const roundTripOfReading = `(() => {
  const asked = performance.getEntriesByType('resource').filter(({ name }) => name.includes('part=reading')).at(-1);
  return asked ? asked.responseEnd - asked.requestStart : 0;
})()`;

const kinds: Readonly<Record<string, keyof Omit<Trace, 'longestTask'>>> = {
  EvaluateScript: 'scripting',
  'v8.compile': 'scripting',
  'v8.compileModule': 'scripting',
  'v8.evaluateModule': 'scripting',
  FunctionCall: 'scripting',
  Layout: 'styleAndLayout',
  UpdateLayoutTree: 'styleAndLayout',
  Paint: 'painting',
  PrePaint: 'painting',
  Layerize: 'painting',
};

function traceOf(events: readonly TraceEvent[]): Trace {
  const trace: Trace = { scripting: 0, styleAndLayout: 0, painting: 0, longestTask: 0 };
  for (const { name, ph, dur = 0 } of events) {
    if (ph !== 'X') continue;
    const kind = kinds[name];
    if (kind) trace[kind] += dur / 1_000;
    if (name === 'RunTask' || name === 'ThreadControllerImpl::RunTask') {
      trace.longestTask = Math.max(trace.longestTask, dur / 1_000);
    }
  }
  return trace;
}
