#!/usr/bin/env bash
# Runs the handler as the watchdog does. Fails with what was answered otherwise than expected.
set -euo pipefail
cd "$(dirname "$0")"

# The head of the answer, which goes to descriptor 3, comes first.
call() {
  bash handler.sh 3>&1
}

expect() {
  case "$2" in
    *"$1"*) ;;
    *)
      echo "expected: $1"
      echo "answered: $2"
      exit 1
      ;;
  esac
}

export Http_Method=POST Http_Path=/greet
expect "Hello, world! You sent a POST to /greet." "$(printf world | call)"
expect '{"status":200,' "$(printf world | call)"
expect '{"status":400,' "$(printf '' | call)"
echo "handler_test.sh: ok"
