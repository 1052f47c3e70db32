const LEASED = "RETURNING seq, fence, call_id, name, namespace, callback_url";

/** For what is not finished yet. */
export const STATEMENTS = {
  enqueue: `
    INSERT INTO invocations (call_id, name, namespace, stage, line, due_at, queued_at, callback_url, callback)
    VALUES ($callId, $name, $namespace, 'invocation', $line, $dueAt, $now, $callbackUrl, $callback)
    ON CONFLICT (call_id) DO NOTHING`,
  keepRequest: "INSERT INTO requests (seq, head, body) VALUES (?, ?, ?)",
  request: "SELECT head, body FROM requests WHERE seq = ?",
  dropRequest: "DELETE FROM requests WHERE seq = ?",
  firstOfNextLine: `
    SELECT line, due_at FROM invocations WHERE stage = ? AND line > ? ORDER BY line, due_at LIMIT 1`,
  dueOfLine: `
    SELECT seq FROM invocations WHERE stage = ? AND line = ? AND due_at <= ? ORDER BY due_at, seq LIMIT ?`,
  lease: `
    UPDATE invocations SET is_leased = 1, due_at = ?, fence = fence + 1, attempt = attempt + 1
    WHERE seq = ? ${LEASED}, attempt, attempt - uncounted AS tries`,
  leaseCallback: `
    UPDATE invocations SET is_leased = 1, due_at = ?, fence = fence + 1, callback_attempt = callback_attempt + 1
    WHERE seq = ? ${LEASED}, callback_attempt AS attempt, callback_attempt - callback_uncounted AS tries`,
  renew: `
    UPDATE invocations SET due_at = ? WHERE seq = ? AND fence = ? AND is_leased = 1 AND line IS NOT NULL`,
  endLeases: `
    UPDATE invocations SET is_leased = 0, due_at = queued_at, fence = fence + 1
    WHERE is_leased = 1 AND line IS NOT NULL`,
  leased: `
    SELECT stage, callback_url FROM invocations WHERE seq = ? AND fence = ? AND is_leased = 1 AND line IS NOT NULL`,
  putOff: `
    UPDATE invocations SET is_leased = 0, due_at = ?, reason = ?, uncounted = uncounted + ? WHERE seq = ?`,
  putCallbackOff: `
    UPDATE invocations SET is_leased = 0, due_at = ?, callback_reason = ?, callback_uncounted = callback_uncounted + ?
    WHERE seq = ?`,
  finish: `
    UPDATE invocations SET outcome = $outcome, finished_at = $now, due_at = $now, reason = $reason, is_leased = 0,
      stage = $stage, line = $line, callback = $callback
    WHERE seq = $seq`,
  endCallback: `
    UPDATE invocations SET callback = ?, callback_reason = ?, line = NULL, is_leased = 0 WHERE seq = ?`,
  redrive: `
    UPDATE invocations SET stage = 'invocation', line = namespace || '/' || name, due_at = ?1, queued_at = ?1,
      is_leased = 0, fence = fence + 1, uncounted = attempt, outcome = NULL, finished_at = NULL,
      callback = iif(callback_url IS NULL, 'none', 'waiting'), callback_uncounted = callback_attempt
    WHERE seq = ?2`,
  depths: `
    SELECT line, COUNT(*) AS depth FROM invocations WHERE stage = 'invocation' AND line IS NOT NULL GROUP BY line`,
  counts: `
    SELECT
      (SELECT COUNT(*) FROM invocations WHERE is_leased = 1 AND due_at > ? AND stage = 'invocation') AS running,
      (SELECT MIN(queued_at) FROM invocations WHERE line IS NOT NULL AND stage = 'invocation') AS oldest,
      (SELECT COUNT(*) FROM invocations WHERE outcome = 'dead') AS dead,
      (SELECT COUNT(*) FROM invocations WHERE stage = 'callback' AND line IS NOT NULL) AS callbacks`,
};
