/** How many requests there may be. */
export interface Rate {
  readonly perSecond: number;
  /** How many may come at once, when there were none for a while. */
  readonly burst: number;
  /** As somebody wrote it. */
  readonly text: string;
}

/** `100/s`, `600/m`, `1000/h`, behind it perhaps ` burst 200`. Without a burst it is what a second brings, at least 1. */
export function parseRate(text: string): Rate | undefined {
  const [, count, unit = "", burst] = RATE.exec(text.trim()) ?? [];
  const perSecond = Number(count) / (SECONDS[unit] ?? 1);
  const most = burst === undefined ? Math.max(1, Math.ceil(perSecond)) : Number(burst);
  return perSecond > 0 && most > 0 ? { perSecond, burst: most, text: text.trim() } : undefined;
}

const RATE = /^(\d{1,9}(?:\.\d{1,6})?)\/([smh])(?: burst (\d{1,9}))?$/;

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };
