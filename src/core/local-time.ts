let second = 0;
let secondText = "";

/** Local time as Go's `log` prints it, with a blank behind it, made once a second. */
export function timestamp(): string {
  const nowSecond = Math.floor(Date.now() / 1000);
  if (nowSecond !== second) {
    second = nowSecond;
    secondText = formatLocal(new Date(nowSecond * 1000));
  }
  return secondText;
}

function formatLocal(time: Date): string {
  const [year, month, day] = [time.getFullYear(), time.getMonth() + 1, time.getDate()];
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()];
  return `${[year, ...[month, day].map(twoDigits)].join("/")} ${clock.map(twoDigits).join(":")} `;
}

function twoDigits(number: number): string {
  return String(number).padStart(2, "0");
}
