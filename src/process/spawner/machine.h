/* What differs between the two machines: system calls, and a clone whose child runs on a stack of its own. */
#ifndef MACHINE_H
#define MACHINE_H

#include <asm/unistd.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__x86_64__)

static inline long system_call(long number, long a, long b, long c, long d, long e, long f) {
  long result;
  register long r10 __asm__("r10") = d;
  register long r8 __asm__("r8") = e;
  register long r9 __asm__("r9") = f;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                   : "rcx", "r11", "memory");
  return result;
}

#elif defined(__aarch64__)

static inline long system_call(long number, long a, long b, long c, long d, long e, long f) {
  register long x8 __asm__("x8") = number;
  register long x0 __asm__("x0") = a;
  register long x1 __asm__("x1") = b;
  register long x2 __asm__("x2") = c;
  register long x3 __asm__("x3") = d;
  register long x4 __asm__("x4") = e;
  register long x5 __asm__("x5") = f;
  __asm__ volatile("svc 0"
                   : "+r"(x0)
                   : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
                   : "memory");
  return x0;
}

#else
#error "The spawner knows x86-64 and aarch64 only."
#endif

/* sys(read, fd, buffer, size): the kernel's answer as it is, a negative errno for an error. */
#define sys(name, ...) SYS_PADDED(name, ##__VA_ARGS__, 0, 0, 0, 0, 0, 0)
#define SYS_PADDED(name, a, b, c, d, e, f, ...) \
  system_call(__NR_##name, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f))

/*
 * clone(2) with these flags. The child calls main(argument) at the top of the stack, which must be aligned to 16 bytes,
 * and never returns; the caller gets its pid, or a negative errno.
 */
long clone_on_stack(unsigned long flags, void *stack_top, void (*main)(void *), void *argument);

/* The same by clone3(2), which is told the stack, and more. */
struct clone_args;
long clone_as(const struct clone_args *how, size_t size, void (*main)(void *), void *argument);

/*
 * Where the kernel begins a program without a libc: calls main_with_stack with the stack as it was found (the number of
 * arguments, the arguments, the environment, the auxiliary vector), aligned. A macro, because only a program has one.
 */
#if defined(__x86_64__)
#define PROGRAM_ENTRY            \
  __asm__(                       \
      ".globl _start\n"          \
      "_start:\n"                \
      "  xor %ebp, %ebp\n"       \
      "  mov %rsp, %rdi\n"       \
      "  and $-16, %rsp\n"       \
      "  call main_with_stack\n" \
      "  hlt\n");
#else
#define PROGRAM_ENTRY          \
  __asm__(                     \
      ".globl _start\n"        \
      "_start:\n"              \
      "  mov x29, #0\n"        \
      "  mov x30, #0\n"        \
      "  mov x0, sp\n"         \
      "  bl main_with_stack\n" \
      "  brk #0\n");
#endif

#endif
