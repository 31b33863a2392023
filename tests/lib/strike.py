"""Faults in a running process, as an attacker or a bug would make them: signals, and (as root, by ptrace)
what no signal does: a call that seccomp refuses, a jump to nowhere, a stack that is used up."""

import ctypes
import os
import signal

PTRACE_GETREGS, PTRACE_SETREGS, PTRACE_ATTACH, PTRACE_DETACH = 12, 13, 16, 17
FORBIDDEN_CALL = 165    # mount(2)
SYSCALL_BYTES = 2

REGISTERS = ("r15 r14 r13 r12 rbp rbx r11 r10 r9 r8 rax rcx rdx rsi rdi orig_rax rip cs eflags rsp ss "
             "fs_base gs_base ds es fs gs").split()


class Registers(ctypes.Structure):
    _fields_ = [(name, ctypes.c_ulonglong) for name in REGISTERS]


libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]


def ptrace(request, pid, data=None):
    if libc.ptrace(request, pid, None, data) < 0:
        raise OSError(ctypes.get_errno(), "ptrace")


def change(pid, edit):
    """Stops the process, edits its registers, lets it go on."""
    ptrace(PTRACE_ATTACH, pid)
    os.waitpid(pid, 0)
    registers = Registers()
    ptrace(PTRACE_GETREGS, pid, ctypes.byref(registers))
    edit(registers)
    registers.orig_rax = 2 ** 64 - 1
    ptrace(PTRACE_SETREGS, pid, ctypes.byref(registers))
    ptrace(PTRACE_DETACH, pid)


def refused_call(pid):
    def edit(registers):
        registers.rip -= SYSCALL_BYTES    # it waits behind the instruction of its call
        registers.rax = FORBIDDEN_CALL
    change(pid, edit)


def jump_to_nothing(pid):
    change(pid, lambda registers: setattr(registers, "rip", 0))


def use_up_stack(pid):
    change(pid, lambda registers: setattr(registers, "rsp", 4096))


def by(number):
    return lambda pid: os.kill(pid, number)


SIGNALS = {name: getattr(signal, name) for name in
           "SIGSEGV SIGABRT SIGBUS SIGFPE SIGILL SIGTRAP SIGXCPU SIGXFSZ SIGALRM SIGUSR1 SIGQUIT SIGVTALRM".split()}
