/** Stands in what is sent, as long as what is put in its place: which visit it was, so that what others said is known by it. */
export const MARK = "~~visit~~";

const LENGTH = 7;

export const toMark = (visit: number): string => `v${String(visit).padStart(LENGTH, "0")}z`;

export const marksIn = (text: string): string[] => text.match(/v\d{7}z/g) ?? [];
