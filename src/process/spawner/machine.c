#include "machine.h"

#if defined(__x86_64__)

__asm__(
    ".globl clone_on_stack\n"
    ".type clone_on_stack, @function\n"
    "clone_on_stack:\n"
    "  sub $16, %rsi\n" /* main and its argument wait on the child's stack */
    "  mov %rdx, (%rsi)\n"
    "  mov %rcx, 8(%rsi)\n"
    "  xor %edx, %edx\n"
    "  xor %r10d, %r10d\n"
    "  xor %r8d, %r8d\n"
    "  mov $56, %eax\n" /* clone */
    "  syscall\n"
    "  test %rax, %rax\n"
    "  jnz 1f\n"
    "  xor %ebp, %ebp\n"
    "  pop %rax\n"
    "  pop %rdi\n"
    "  call *%rax\n"
    "  hlt\n"
    "1: ret\n"
    ".size clone_on_stack, . - clone_on_stack\n");

__asm__(
    ".globl clone_as\n"
    ".type clone_as, @function\n"
    "clone_as:\n"
    "  mov %rcx, %r8\n" /* main and its argument wait in the child's registers */
    "  mov $435, %eax\n" /* clone3 */
    "  syscall\n"
    "  test %rax, %rax\n"
    "  jnz 1f\n"
    "  xor %ebp, %ebp\n"
    "  mov %r8, %rdi\n"
    "  call *%rdx\n"
    "  hlt\n"
    "1: ret\n"
    ".size clone_as, . - clone_as\n");

#elif defined(__aarch64__)

__asm__(
    ".globl clone_on_stack\n"
    ".type clone_on_stack, %function\n"
    "clone_on_stack:\n"
    "  stp x2, x3, [x1, #-16]!\n" /* main and its argument wait on the child's stack */
    "  mov x2, #0\n"
    "  mov x3, #0\n"
    "  mov x4, #0\n"
    "  mov x8, #220\n" /* clone */
    "  svc 0\n"
    "  cbnz x0, 1f\n"
    "  mov x29, #0\n"
    "  mov x30, #0\n"
    "  ldp x1, x0, [sp], #16\n"
    "  blr x1\n"
    "  brk #0\n"
    "1: ret\n"
    ".size clone_on_stack, . - clone_on_stack\n");

__asm__(
    ".globl clone_as\n"
    ".type clone_as, %function\n"
    "clone_as:\n"
    "  mov x8, #435\n" /* clone3 */
    "  svc 0\n"
    "  cbnz x0, 1f\n"
    "  mov x29, #0\n"
    "  mov x30, #0\n"
    "  mov x0, x3\n" /* main and its argument are in the child's registers still */
    "  blr x2\n"
    "  brk #0\n"
    "1: ret\n"
    ".size clone_as, . - clone_as\n");

#endif
