#include "become-node.h"

#include <linux/auxvec.h>
#include <linux/elf.h>

#include "../spawner/kernel.h"
#include "../spawner/memory.h"
#include "node-environment.h"

static uint64_t count_variables(const struct start *start) {
  uint64_t count = 0;
  while (start->environment[count]) count++;
  return count;
}

static uint64_t count_auxiliaries(const struct start *start) {
  uint64_t count = 1; /* with AT_NULL */
  while (start->auxiliaries[count - 1].key != AT_NULL) count++;
  return count;
}

/* The loader learns here which program it is to link: the kernel has described the launcher. */
static void describe_node(struct auxiliary *entry, const struct mapped_elf *node, const struct mapped_elf *loader) {
  switch (entry->key) {
    case AT_PHDR: entry->value = node->headers; break;
    case AT_PHENT: entry->value = sizeof(Elf64_Phdr); break;
    case AT_PHNUM: entry->value = node->header_count; break;
    case AT_ENTRY: entry->value = node->entry; break;
    case AT_BASE: entry->value = loader->base; break;
    /* Set where the file has capabilities; the loader would then ignore the libraries. Their names come from the launcher alone. */
    case AT_SECURE: entry->value = 0; break;
  }
}

/* What a program finds on its stack: the count of arguments, the arguments, the environment, the facts. `stack` is filled. */
static void fill_stack(uint64_t *stack, const struct start *start, struct payload *payload, const struct mapped_elf *node,
                       const struct mapped_elf *loader) {
  *stack++ = start->argument_count;
  memcpy(stack, start->arguments, (start->argument_count + 1) * sizeof *stack);
  stack += start->argument_count + 1;
  stack += fill_node_environment(start->environment, payload->libraries, (char **)stack) + 1;
  for (uint64_t i = 0; i < count_auxiliaries(start); i++) {
    struct auxiliary *entry = (struct auxiliary *)stack + i;
    *entry = start->auxiliaries[i];
    describe_node(entry, node, loader);
  }
}

/* As the kernel does it: the stack pointer at the count of arguments, nothing to call at exit, no frame to return to. */
__attribute__((noreturn)) static void enter(uint64_t *stack, uint64_t entry) {
#if defined(__x86_64__)
  __asm__ volatile(
      "mov %0, %%rsp\n"
      "xor %%edx, %%edx\n"
      "xor %%ebp, %%ebp\n"
      "jmp *%1\n"
      :
      : "r"(stack), "a"(entry)
      : "memory");
#elif defined(__aarch64__)
  register uint64_t target __asm__("x16") = entry;
  __asm__ volatile(
      "mov sp, %0\n"
      "mov x0, #0\n"
      "mov x29, #0\n"
      "mov x30, #0\n"
      "br %1\n"
      :
      : "r"(stack), "r"(target)
      : "memory");
#endif
  __builtin_unreachable();
}

void become_node(const struct start *start, struct payload *payload) {
  struct mapped_elf node = map_elf(&payload->node, PAGES_AT_RANDOM);
  struct mapped_elf loader = map_elf(&payload->loader, PAGES_AS_THEY_COME);
  uint64_t words = 1 + start->argument_count + 1 + count_variables(start) + ADDED_VARIABLES + 1 + 2 * count_auxiliaries(start);
  uint64_t *stack = __builtin_alloca_with_align(words * sizeof *stack, 16 * 8);
  fill_stack(stack, start, payload, &node, &loader);
  sys(close, payload->node.fd);
  if (payload->loader.fd != payload->node.fd) sys(close, payload->loader.fd);
  enter(stack, loader.entry);
}
