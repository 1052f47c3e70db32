#!/usr/bin/env bash
# The request: $Http_Method, $Http_Path, $Http_Query, its headers as $Http_User_Agent and the like, the body on stdin.
# The answer: stdout. What is written to stderr is logged. An exit code other than 0 is a 500.
set -euo pipefail

# Sets the status and one header of the answer, before anything is printed. JSON on descriptor 3.
respond() {
  printf '{"status":%d,"headers":{"Content-Type":"%s"}}\n' "$1" "$2" >&3
}

body=$(cat)

if [ -z "$body" ]; then
  respond 400 "text/plain; charset=utf-8"
  echo "Whom shall I greet? Send a name."
  exit
fi

respond 200 "text/plain; charset=utf-8"
echo "Hello, $body! You sent a ${Http_Method:-} to ${Http_Path:-/}."
