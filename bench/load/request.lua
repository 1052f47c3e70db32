-- One small request, again and again; what came of it is the last line, as JSON. With an argument it is a GET.
wrk.method = "POST"
wrk.body = "hello world"
wrk.headers["Content-Type"] = "text/plain"

function init(args)
  if args[1] then
    wrk.method = "GET"
    wrk.body = nil
    wrk.headers["Content-Type"] = nil
  end
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '{"requests":%d,"microseconds":%d,"p50":%d,"p90":%d,"p99":%d,"max":%d,"badStatuses":%d,"socketErrors":%d,"timeouts":%d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(90), latency:percentile(99),
    latency.max, errors.status, errors.connect + errors.read + errors.write, errors.timeout))
end
