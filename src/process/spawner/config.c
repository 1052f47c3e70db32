#include "config.h"

#include "environment.h"
#include "kernel.h"
#include "memory.h"

struct config config;

static char **list_strings(const struct strings *strings, char *copy) {
  char **list = map_pages((strings->count + 1) * sizeof *list);
  if (!list) return NULL;
  for (uint32_t i = 0; i < strings->count; i++, copy += text_length(copy) + 1) list[i] = copy;
  return list;
}

static bool has_slash(const char *name) {
  for (; *name; name++)
    if (*name == '/') return true;
  return false;
}

static size_t folder_length(const char *path) {
  size_t length = 0;
  while (path[length] && path[length] != ':') length++;
  return length;
}

static bool may_run(const char *file) { return sys(faccessat, AT_FDCWD, file, 1 /* X_OK */) == 0; }

/* One candidate for each folder of PATH; an empty one is the current folder. */
static bool list_candidates(const char *name, const char *path) {
  size_t folders = 1, name_size = text_length(name) + 1;
  for (const char *at = path; *at; at++) folders += *at == ':';
  config.candidates = map_pages(folders * sizeof *config.candidates);
  char *text = map_pages(text_length(path) + folders * (name_size + 1));
  if (!config.candidates || !text) return false;
  for (bool found = false; config.candidate_count < folders; path += *path == ':') {
    size_t length = folder_length(path);
    char *candidate = text;
    memcpy(text, path, length);
    text += length;
    if (length) *text++ = '/';
    memcpy(text, name, name_size);
    text += name_size;
    path += length;
    if (!found && may_run(candidate)) found = true, config.first_candidate = config.candidate_count;
    config.candidates[config.candidate_count++] = candidate;
  }
  return true;
}

static bool find_program(char *name, const char *path) {
  if (!has_slash(name) && *name) return list_candidates(name, path);
  config.candidates = map_pages(sizeof *config.candidates);
  if (!config.candidates) return false;
  config.candidates[config.candidate_count++] = name;
  return true;
}

bool config_read(const struct config_request *request) {
  size_t size = request->marker.size + request->arguments.size + request->variables.size;
  char *copy = map_pages(size);
  if (!copy) return false;
  memcpy(copy, request->marker.first, size);
  char *arguments = copy + request->marker.size;
  config = (struct config){
      .known = true,
      .keep_daemons = (request->flags & CONFIG_KEEP_DAEMONS) != 0,
      .grace = request->grace_ms * 1000000ULL,
      .passed_pipe_size = request->passed_pipe_size,
      .marker = copy,
      .marker_length = request->marker.size - 1,
      .arguments = list_strings(&request->arguments, arguments),
  };
  if (!config.arguments) return false;
  char **variables = list_strings(&request->variables, arguments + request->arguments.size);
  return variables && environment_set_base(variables, request->variables.count) &&
         find_program(config.arguments[0], environment_base_value("PATH=", "/usr/local/bin:/usr/bin:/bin"));
}
