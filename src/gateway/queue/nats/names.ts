/** What streams and subjects are called, beginning with the channel. */
export interface Names {
  /** Keeps invocations, two messages each. */
  readonly stream: string;
  readonly streamSubjects: readonly string[];
  /** Keeps what is too large for one message. */
  readonly bodyStream: string;
  readonly bodySubjects: readonly string[];
  /** What was submitted. */
  intake(callId: string): string;
  /** What has become of it. */
  course(callId: string): string;
  /** Nothing: whoever follows has seen all that was there when he wrote it, once he sees it. */
  readonly mark: string;
  body(name: string): string;
}

/** `channel`: words between dots. Dots must not be in a stream's name. */
export function namesOf(channel: string): Names {
  const prefix = channel.replaceAll(".", "_");
  return {
    stream: `${prefix}-invocations`,
    streamSubjects: [`${channel}.intake.*`, `${channel}.course.*`, `${channel}.mark`],
    bodyStream: `${prefix}-bodies`,
    bodySubjects: [`${channel}.body.*`],
    intake: (callId) => `${channel}.intake.${callId}`,
    course: (callId) => `${channel}.course.${callId}`,
    mark: `${channel}.mark`,
    body: (name) => `${channel}.body.${name}`,
  };
}

/** Which kind of message a subject is for, and of which call id. */
export function readSubject(subject: string): { kind: string; callId: string } {
  const [callId = "", kind = ""] = subject.split(".").reverse();
  return { kind, callId };
}

/** Others cannot be part of a subject; `toCallId` makes no others. */
export const isCallId = (text: string): boolean => /^[\w-]+$/.test(text);
