"""Runs a command for which the kernel refuses one system call, as in many containers.

    python3 Tests/EndToEnd/forbidding.py 425 -- COMMAND…

The call is given by its number; numbers above 424 are the same on all architectures. A seccomp(2) filter makes it
fail with EPERM, for the command and for every process it starts.
"""

import ctypes
import errno
import os
import struct
import sys

PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 38, 22, 2
LOAD_WORD, JUMP_IF_EQUAL, RETURN = 0x20, 0x15, 0x06
RET_ERRNO, RET_ALLOW = 0x00050000, 0x7FFF0000


def forbid(call):
    """Refuses the call for this process and all processes it starts."""
    # Each instruction: operation, jump if true, jump if false, operand; the call's number is the first word.
    program = [(LOAD_WORD, 0, 0, 0), (JUMP_IF_EQUAL, 0, 1, call), (RETURN, 0, 0, RET_ERRNO | errno.EPERM),
               (RETURN, 0, 0, RET_ALLOW)]
    code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *each) for each in program))
    rules = ctypes.create_string_buffer(struct.pack("@HP", len(program), ctypes.addressof(code)))
    control = ctypes.CDLL(None, use_errno=True).prctl
    for arguments in [(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), (PR_SET_SECCOMP, SECCOMP_MODE_FILTER, rules, 0, 0)]:
        if control(*arguments) != 0:
            raise OSError(ctypes.get_errno(), "prctl")


if __name__ == "__main__":
    call, separator, *command = sys.argv[1:]
    assert separator == "--" and command, __doc__
    forbid(int(call))
    os.execvp(command[0], command)
